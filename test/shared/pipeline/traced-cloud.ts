import { randomUUID } from 'node:crypto';
import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import { commandSchema } from '../../../shared/contracts/command.ts';
import { resultSchema } from '../../../shared/contracts/result.ts';
import { ringSchema } from '../../../shared/contracts/ring.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { runBatch, runRings } from '../../../shared/pipeline.ts';
import type { Outbox, Outgoing } from '../../../shared/ports.ts';
import { createGroupsReader } from '../../../shared/reading/read-groups.ts';
import { createUsersReader } from '../../../shared/reading/read-users.ts';
import { beginningTraces } from '../../../shared/receiving/beginning-traces.ts';
import { createRecorder } from '../../../shared/recording/record-results.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeState } from '../../fakes/state.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { fakeTenant } from '../../fakes/tenant.ts';
import { settings } from '../flow/flow.ts';
import { smallRelay } from '../flow/small-relay.ts';

/** The cloud side with its pipeline, and a small relay that begins its spans as the real one does. */
export function tracedCloud() {
  const [tenant, state, clock] = [fakeTenant(), fakeState(), fakeClock()];
  const [telemetry, log] = [new FakeTelemetry(), fakeLog()];
  const relay = smallRelay(clock);
  let waiting: Outgoing[] = [];
  const outbox: Outbox = {
    async send(messages) {
      // As on the wire: a message is parsed before anybody uses it.
      waiting.push(...(JSON.parse(JSON.stringify(messages)) as Outgoing[]));
    },
  };
  const pipeline = { outbox, clock, log, telemetry, budgetMs: durationMs(120_000) };
  const deps = { tenant, state, clock, settings, writeback: defaultSettings, instance: randomUUID() };
  const reader = { users: createUsersReader(deps), groups: createGroupsReader(deps) };
  const recorder = createRecorder({ state, clock, settings, tell: () => undefined });

  const take = (to: Outgoing['to']): { body: unknown; messageId: undefined }[] => {
    const isTaken = (one: Outgoing): boolean => one.to === to && !('dueAt' in one && one.dueAt > clock.now());
    const taken = waiting.filter(isTaken);
    waiting = waiting.filter((one) => !isTaken(one));
    return taken.map(({ message }) => ({ body: message, messageId: undefined }));
  };
  async function apply(): Promise<void> {
    for (const { body } of take('writes')) relay.accept(commandSchema.parse(body));
    for (const lane of relay.busyLanes()) {
      const result = relay.work(lane);
      const { of, id, traceparent: parent } = result;
      const span = telemetry.start('apply', { parent, attributes: { of, id } });
      span.end({ attributes: { outcome: result.outcome } });
      await outbox.send([{ to: 'results', message: { ...result, traceparent: span.traceparent } }]);
    }
  }

  return {
    ...{ tenant, state, clock, telemetry, log, relay, pipeline },
    edge: beginningTraces(outbox, telemetry),
    /** Until nothing is left that is due before this much time has passed. */
    async run(forMs = 0): Promise<void> {
      const until = clock.now() + forMs;
      for (;;) {
        for (const queue of ['users', 'groups'] as const) {
          const rings = take(queue);
          if (rings.length === 0) continue;
          await runRings(pipeline, { queue, schema: ringSchema, handler: reader[queue] }, rings);
        }
        await apply();
        const results = take('results');
        const source = { queue: 'results' as const, schema: resultSchema, handler: recorder };
        if (results.length > 0) await runBatch(pipeline, source, results);
        const next = Math.min(...waiting.map((one) => ('dueAt' in one ? one.dueAt : clock.now())));
        if (next > until || waiting.length === 0) return;
        if (next > clock.now()) clock.advanceTo(next);
      }
    },
  };
}
