import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ServiceBusClient } from '@azure/service-bus';
import { resolveConnection, resolveSettings } from './app-settings.ts';
import {
  type Binding,
  type CoreLog,
  provideFunctionsCore,
  type RegisteredFunction,
  type Registry,
  textOf,
} from './functions-core.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import { type HttpFunction, httpFunction, makeHttpServer } from './http-server.ts';
import { type Invoker, makeInvoker } from './invoke.ts';
import { AppError, loadApp } from './load-app.ts';
import { log } from './log.ts';
import { connectServiceBus } from './service-bus-client.ts';
import { runQueueTrigger } from './service-bus-trigger.ts';
import type { HostSettings } from './settings.ts';
import { type Monitor, makeMonitor, startTimer, type Timer } from './timer-trigger.ts';

/** A running host. */
export type Host = { port: number; functions: string[]; stop(): Promise<void> };

/** One function as `--list` prints it. */
export type ListedFunction = { name: string; bindings: Record<string, unknown>[] };

/** Loads the app of a folder (package.json, host.json) into this process. Only once per process: so does the real worker. */
export async function openApp(
  appDir: string,
  env: NodeJS.ProcessEnv,
  say: CoreLog = (level, category, message) => log({ level, message, category }),
): Promise<App> {
  const registry = provideFunctionsCore(say);
  const hostJson = readHostJson(appDir, env);
  await loadApp(appDir, registry);
  return { registry, hostJson };
}

/** A loaded app. */
export type App = { registry: Registry; hostJson: HostJson };

/** Functions and bindings of an app, by name. */
export function listFunctions({ registry }: App): ListedFunction[] {
  return [...registry.functions.values()]
    .map(({ metadata }) => ({
      name: metadata.name,
      bindings: Object.entries(metadata.bindings).map(([name, { properties: _, ...binding }]) => ({
        name,
        ...binding,
      })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Started = { http: HttpFunction[]; timers: Map<string, Timer>; loops: Promise<void>[] };

/** Starts every trigger of the app and listens on 127.0.0.1. Throws AppError where a trigger cannot be started. */
export async function startHost(app: App, settings: HostSettings, env: NodeJS.ProcessEnv): Promise<Host> {
  const invoker = makeInvoker(app.registry);
  const stopping = new AbortController();
  const clients = new Map<string, ServiceBusClient>();
  await invoker.appStart();
  const started = startTriggers({ app, settings, env, invoker, clients, signal: stopping.signal });
  const server = makeHttpServer({
    functions: started.http,
    invoker,
    key: settings.key,
    maxBodyBytes: settings.maxBodyBytes,
    runByHand: new Map([...started.timers].map(([name, timer]) => [name, timer.runByHand])),
  });
  server.listen(settings.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    functions: listFunctions(app).map((one) => one.name),
    stop: async () => {
      stopping.abort();
      for (const timer of started.timers.values()) timer.stop();
      server.close();
      await within(runningInvocationsMs, Promise.all([invoker.idle(), ...started.loops]));
      server.closeAllConnections();
      await invoker.appTerminate();
      await within(closingMs, Promise.all([...clients.values()].map((client) => client.close())));
    },
  };
}

const runningInvocationsMs = 5_000;
const closingMs = 500;

type StartOptions = {
  app: App;
  settings: HostSettings;
  env: NodeJS.ProcessEnv;
  invoker: Invoker;
  clients: Map<string, ServiceBusClient>;
  signal: AbortSignal;
};

function startTriggers(options: StartOptions): Started {
  const started: Started = { http: [], timers: new Map(), loops: [] };
  const monitor = makeMonitor(options.settings.stateDir);
  const problems: string[] = [];
  for (const target of options.app.registry.functions.values()) {
    try {
      startTrigger(target, { ...options, started, monitor });
    } catch (error) {
      problems.push(`${target.metadata.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new AppError(problems.join('\n'));
  return started;
}

type TriggerOptions = StartOptions & { started: Started; monitor: Monitor };

function startTrigger(target: RegisteredFunction, options: TriggerOptions): void {
  const { app, env, invoker, monitor, started } = options;
  const binding = Object.values(target.metadata.bindings).find((one) => /trigger$/i.test(one.type));
  const type = binding?.type.toLowerCase();
  if (binding !== undefined && type === 'httptrigger') {
    started.http.push(httpFunction(target, binding, app.hostJson.extensions.http.routePrefix));
  } else if (binding !== undefined && type === 'timertrigger') {
    const schedule = resolveSettings(textOf(binding, 'schedule') ?? '', env);
    const timer = startTimer({ target, binding, schedule, invoker, monitor });
    started.timers.set(target.metadata.name, timer);
  } else if (binding !== undefined && type === 'servicebustrigger') {
    started.loops.push(startQueue(target, binding, options));
  } else {
    throw new Error(`the local host has no trigger of type ${binding?.type ?? '(none)'}`);
  }
}

function startQueue(target: RegisteredFunction, binding: Binding, options: StartOptions): Promise<void> {
  const connectionName = textOf(binding, 'connection') ?? 'ServiceBus';
  const queueName = textOf(binding, 'queueName');
  const { serviceBus } = options.app.hostJson.extensions;
  if (queueName === undefined) throw new Error('only queues are supported, no topics');
  if (binding['autoCompleteMessages'] === false || serviceBus.autoCompleteMessages === false) {
    throw new Error('autoCompleteMessages false is not supported by the local host');
  }
  const queue = resolveSettings(queueName, options.env);
  const client =
    options.clients.get(connectionName) ??
    connectServiceBus(resolveConnection(connectionName, options.env), serviceBus);
  options.clients.set(connectionName, client);
  const { invoker, signal } = options;
  return runQueueTrigger({ target, binding, queue, client, options: serviceBus, invoker }, signal);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), elapsed]);
  clearTimeout(timeout);
}
