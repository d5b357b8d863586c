import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeContainer } from './amqp/wire-connection.ts';
import { Faults } from './control/faults.ts';
import { listenControl } from './control/listen-control.ts';
import { Broker } from './engine/broker.ts';
import { Journal } from './journal/journal.ts';
import { ClientList } from './listen/client-list.ts';
import { listenTcp } from './listen/listen-tcp.ts';
import { listenWss } from './listen/listen-wss.ts';
import { readQueuesFile } from './queues-file.ts';
import { readSettings, type Settings } from './settings.ts';

/** The Service Bus stand-in as a process; local/README.md has the contract. */
const read = readSettings(process.env);
if ('problems' in read) {
  for (const problem of read.problems) console.error(problem);
  process.exit(2);
}
await run(read.settings);

async function run(settings: Settings): Promise<void> {
  const journal = new Journal(settings.BROKER_STATE_DIR);
  const broker = new Broker(readQueuesFile(settings.BROKER_QUEUES_FILE, settings.BROKER_LOCK_SECONDS), {
    clock: { now: Date.now, wake: (afterMs, action) => wake(afterMs, () => commitAfter(journal, action)) },
    ledger: journal,
    newToken: () => randomUUID().replaceAll('-', ''),
  });
  broker.restore(journal.read());
  journal.open(() => broker.snapshot());
  const faults = new Faults();
  const context = {
    broker,
    container: makeContainer(),
    secrets: { jwtSecret: settings.BROKER_TOKEN_SECRET, sasKey: settings.BROKER_SAS_KEY },
    now: Date.now,
    commit: () => journal.commit(),
    problem: (what: string) => log({ msg: 'connection problem', what }),
    pace: faults.pace,
  };
  const clients = new ClientList(context, faults);
  const tls = {
    key: readFileSync(settings.BROKER_TLS_KEY_FILE, 'utf8'),
    cert: readFileSync(settings.BROKER_TLS_CERT_FILE, 'utf8'),
  };
  const [amqpPort, wssPort, controlPort] = await Promise.all([
    listenTcp(settings.BROKER_AMQP_PORT, clients),
    listenWss(settings.BROKER_WSS_PORT, tls, clients),
    listenControl(settings.BROKER_CONTROL_PORT, { broker, clients, faults }),
  ]);
  endWithParent(() => {
    clients.drop();
    journal.close();
    process.exit(0);
  });
  log({ ready: 'broker', amqpPort, wssPort, controlPort });
}

/** What happens by itself (locks expire, messages become due) is made durable as well. */
function commitAfter(journal: Journal, action: () => void): void {
  action();
  journal.commit();
}

function wake(afterMs: number, action: () => void): () => void {
  const timer = setTimeout(action, afterMs);
  return () => clearTimeout(timer);
}

/** The supervisor holds our standard input open as long as it lives. */
function endWithParent(end: () => void): void {
  process.stdin.on('end', end).on('error', end).resume();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function log(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
