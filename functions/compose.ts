import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { app } from '@azure/functions';
import { credentialFor } from '../shared/adapters/credential.ts';
import type { CountOutcome } from '../shared/adapters/graph/counted-call.ts';
import { createSubscriptions } from '../shared/adapters/graph/subscriptions.ts';
import { createCall, createTenant } from '../shared/adapters/graph/tenant.ts';
import { createBusClient } from '../shared/adapters/service-bus/bus-client.ts';
import { createOutbox } from '../shared/adapters/service-bus/outbox.ts';
import { systemClock } from '../shared/adapters/system-clock.ts';
import { createState } from '../shared/adapters/tables/state.ts';
import { loadTelemetry } from '../shared/adapters/telemetry/load-telemetry.ts';
import { type AppConfig, redactedConfig } from '../shared/config.ts';
import { commandSchema } from '../shared/contracts/command.ts';
import { resultSchema } from '../shared/contracts/result.ts';
import { type Ring, ringSchema } from '../shared/contracts/ring.ts';
import type { Delivered } from '../shared/decode.ts';
import type { Settings } from '../shared/domain/settings.ts';
import { WritebackError } from '../shared/errors.ts';
import type { Handler } from '../shared/handler.ts';
import { measuredState } from '../shared/measuring/measured-state.ts';
import { createStocktaker } from '../shared/measuring/take-stock.ts';
import { runBatch, runRings } from '../shared/pipeline.ts';
import type { Outbox, State, Subscriptions } from '../shared/ports.ts';
import { readSettings } from '../shared/read-settings.ts';
import { createGroupsReader } from '../shared/reading/read-groups.ts';
import { createUsersReader } from '../shared/reading/read-users.ts';
import { beginningTraces } from '../shared/receiving/beginning-traces.ts';
import { type ClientState, givenClientState, ownClientState } from '../shared/receiving/client-state.ts';
import { ringChangedMapping } from '../shared/receiving/ring-changed-mapping.ts';
import { ringOnDemand } from '../shared/receiving/ring-on-demand.ts';
import { type Ringing, roundRings } from '../shared/receiving/rings-for.ts';
import type { WebhookAnswer, WebhookRequest } from '../shared/receiving/webhook.ts';
import type { ParkingNews } from '../shared/recording/parking-news.ts';
import { createDeadLetterHandler } from '../shared/recording/record-dead-letters.ts';
import { createRecorder } from '../shared/recording/record-results.ts';
import { createSubscriber } from '../shared/subscribing/create-subscriber.ts';
import { flushAfter } from '../shared/telemetry/flush-after.ts';
import { lateTelemetry } from '../shared/telemetry/late-telemetry.ts';
import { createLog } from '../shared/telemetry/log.ts';
import { readTelemetrySettings } from '../shared/telemetry/settings.ts';
import { severityOf } from '../shared/telemetry/severity-of.ts';
import { noTelemetry } from '../shared/telemetry/telemetry.ts';
import { traceIdOf } from '../shared/telemetry/trace.ts';
import writebackConfig from '../writeback.config.ts';

/** What the triggers call: one entry each. */
export type App = {
  readUsers(delivered: readonly Delivered[]): Promise<void>;
  readGroups(delivered: readonly Delivered[]): Promise<void>;
  recordResults(delivered: readonly Delivered[]): Promise<void>;
  recordDeadLetters(delivered: readonly Delivered[]): Promise<void>;
  receive(request: WebhookRequest): Promise<WebhookAnswer>;
  keepSubscriptions(): Promise<void>;
  /** Nobody waits for the timer to hear of changes. Throws nothing. */
  beginSubscriptions(): Promise<void>;
  sweep(): Promise<void>;
  takeStock(): Promise<void>;
  ring(demand: unknown): ReturnType<typeof ringOnDemand>;
  /** A changed configuration is not left to the next sweep. */
  ringChangedMapping(): Promise<void>;
};

const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');
/** There is nothing to measure before the app starts; then this becomes what the settings say. */
const { telemetry, become } = lateTelemetry(noTelemetry(randomHex));
const log = createLog({ app: 'functions' }, telemetry);
let composed: App | undefined;

// With `telemetryMode` in host.json the host sends telemetry of its own. It must not send our lines again, which it sees on the console.
app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });

/**
 * The app with its adapters, built at first use. Nothing is read or connected when this module is imported: `main` loads it
 * like any function, and one that throws then leaves an app without functions. Throws ConfigError.
 */
export function compose(): App {
  composed ??= build(readSettings(process.env, writebackConfig));
  return composed;
}

/** Wrong settings, and what is wrong with writeback.config.ts, are named when the app starts, not when the first notification comes. */
app.hook.appStart(async () => {
  try {
    const sender = { role: 'functions', instance: hostname(), randomHex } as const;
    become(await loadTelemetry(readTelemetrySettings(process.env), sender));
    const started = compose();
    void started.ringChangedMapping();
    void started.beginSubscriptions();
  } catch (error) {
    log.loud('the app cannot start', { error: textOf(error) });
    await telemetry.flush();
    throw error;
  }
});

app.hook.appTerminate(() => telemetry.flush());

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Configured = { config: AppConfig; writeback: Settings };

function build({ config, writeback }: Configured): App {
  log.info('configuration', { ...redactedConfig(config), writeback: writeback.hash });
  const clock = systemClock;
  const outbox = createOutbox(createBusClient(config.bus));
  const begins = beginningTraces(outbox, telemetry);
  const state = measuredState(createState({ tables: config.tables }), telemetry);
  const { keeper, receive } = createSubscriber({
    subscriptions: subscriptionsOf(config),
    clientState: clientStateOf(config, state),
    urls: config,
    outbox: begins,
    ...{ clock, log, telemetry },
    lifetimeMs: config.subscriptionLifetimeMs,
  });
  const ringing = (): Ringing => ({ now: clock.now() });
  return {
    ...queueEntries({ config, writeback }, { outbox, state }),
    receive,
    keepSubscriptions: flushAfter(telemetry, () => keeper.keep()),
    beginSubscriptions: async () => {
      try {
        await keeper.begin();
      } catch (error) {
        log.warn('subscriptions not kept yet', { code: WritebackError.from(error).code });
      }
    },
    takeStock: flushAfter(telemetry, createStocktaker({ state, telemetry, log })),
    sweep: flushAfter(telemetry, () => begins.send(roundRings(ringing(), 'sweep'))),
    ring: (demand) => ringOnDemand(begins, ringing(), demand),
    ringChangedMapping: async () => {
      try {
        const kinds = await ringChangedMapping({ state, outbox: begins }, ringing(), writeback.hash);
        if (kinds.length > 0) log.info('the configuration has changed', { kinds });
      } catch (error) {
        const fields = { error: textOf(error) };
        if (severityOf(error) === 'loud') log.loud('a changed configuration waits', fields);
        else log.warn('a changed configuration waits', fields);
      }
    },
  };
}

type Parts = { outbox: Outbox; state: State };

function queueEntries(
  { config, writeback }: Configured,
  { outbox, state }: Parts,
): Pick<App, 'readUsers' | 'readGroups' | 'recordResults' | 'recordDeadLetters'> {
  const clock = systemClock;
  const { baseUrl, clientId } = config.graph;
  const { users, groups } = writeback;
  const tenant = createTenant({
    baseUrl,
    credential: credentialFor(clientId),
    clock,
    count,
    photo: users !== false && users.photo,
    writebackConfiguration: groups !== false && groups.scope.writebackConfiguration,
  });
  const settings = config.reader;
  const reading = { tenant, state, clock, settings, writeback, instance: randomUUID() };
  const recording = { state, clock, settings, tell: logParking };
  const pipeline = { outbox, clock, log, telemetry, budgetMs: settings.budgetMs };
  const reader =
    (queue: 'users' | 'groups', handler: Handler<readonly Ring[]>) => (delivered: readonly Delivered[]) =>
      runRings(pipeline, { queue, schema: ringSchema, handler }, delivered);
  const results = { queue: 'results' as const, schema: resultSchema, handler: createRecorder(recording) };
  const dead = {
    queue: 'writes/$DeadLetterQueue' as const,
    schema: commandSchema,
    handler: createDeadLetterHandler(recording),
  };
  return {
    readUsers: reader('users', createUsersReader(reading)),
    readGroups: reader('groups', createGroupsReader(reading)),
    recordResults: (delivered) => runBatch(pipeline, results, delivered),
    recordDeadLetters: (delivered) => runBatch(pipeline, dead, delivered),
  };
}

const count: CountOutcome = (outcome, answers) =>
  telemetry.record('writeback.graph.requests', answers, { outcome });

const logParking = (news: ParkingNews, trace: string): void =>
  log.info('recorded', { ...news, traceId: traceIdOf(trace) }, trace);

function subscriptionsOf({ graph: { baseUrl, clientId } }: AppConfig): Subscriptions {
  const call = createCall({ baseUrl, credential: credentialFor(clientId), clock: systemClock, count });
  return createSubscriptions({ call });
}

const clientStateOf = ({ clientState }: AppConfig, state: State): ClientState =>
  clientState === undefined
    ? ownClientState({ state, clock: systemClock, randomHex })
    : givenClientState(clientState);
