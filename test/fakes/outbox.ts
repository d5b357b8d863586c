import type { Outbox, Outgoing } from '../../shared/ports.ts';

/** Keeps what was sent, in order. */
export type FakeOutbox = Outbox & { sent: Outgoing[] };

export function fakeOutbox(): FakeOutbox {
  const sent: Outgoing[] = [];
  return {
    sent,
    async send(messages) {
      sent.push(...messages);
    },
  };
}
