import type { Outbox, Outgoing } from '../ports.ts';
import type { Span, Telemetry } from '../telemetry/telemetry.ts';
import type { Doorbell, NewRing } from './rings-for.ts';

/**
 * The doorbell for whoever rings of its own accord (webhooks, timers, people): every ring begins a trace, with a span from here until
 * it is enqueued.
 */
export function beginningTraces(outbox: Outbox, telemetry: Pick<Telemetry, 'start'>): Doorbell {
  return {
    async send(rings) {
      const begun = rings.map((ring) => begin(telemetry, ring));
      const end = (outcome: 'ok' | 'failed'): void => {
        for (const { span } of begun) span.end({ outcome });
      };
      try {
        await outbox.send(begun.map(({ outgoing }) => outgoing));
        end('ok');
      } catch (error) {
        end('failed');
        throw error;
      }
    },
  };
}

type Begun = { outgoing: Outgoing; span: Span<'notification' | 'ring'> };

function begin(telemetry: Pick<Telemetry, 'start'>, { to, message }: NewRing): Begun {
  const { kind, cause, want } = message;
  const span =
    cause === 'notification'
      ? telemetry.start('notification', { attributes: { kind, cause, ids: idsIn(want) } })
      : telemetry.start('ring', { attributes: { kind, cause, want: want.type } });
  return { outgoing: { to, message: { ...message, traceparent: span.traceparent } }, span };
}

const idsIn = (want: { type: string; ids?: readonly string[] }): number => want.ids?.length ?? 0;
