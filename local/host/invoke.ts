import { randomBytes, randomUUID } from 'node:crypto';
import type { HookName, RegisteredFunction, Registry, RpcData, RpcLevel } from './functions-core.ts';
import { log } from './log.ts';

/** What a trigger hands to a function: data of its trigger binding, metadata, and who asked (W3C traceparent). */
export type Trigger = {
  data: RpcData;
  metadata?: Record<string, RpcData>;
  traceParent?: string | undefined;
};

/** `failed`: the function (or a hook) threw. */
export type Outcome = { type: 'succeeded'; returnValue: RpcData | undefined } | { type: 'failed' };

/** Invokes functions and knows how many are running. */
export type Invoker = {
  invoke(target: RegisteredFunction, trigger: Trigger): Promise<Outcome>;
  appStart(): Promise<void>;
  appTerminate(): Promise<void>;
  /** Resolves when no invocation runs. */
  idle(): Promise<void>;
};

/** Calls functions the way the worker does: programming model, hooks, log lines, one closing line with outcome and duration. */
export function makeInvoker(registry: Registry): Invoker {
  const running = new Set<Promise<Outcome>>();
  const appHookData = {};
  return {
    invoke: (target, trigger) => {
      const invocation = invokeOnce({ registry, target, trigger, appHookData });
      running.add(invocation);
      void invocation.then(() => running.delete(invocation));
      return invocation;
    },
    appStart: () => runHooks(registry, 'appStart', { hookData: appHookData, appHookData }),
    appTerminate: () => runHooks(registry, 'appTerminate', { hookData: appHookData, appHookData }),
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

type Call = { registry: Registry; target: RegisteredFunction; trigger: Trigger; appHookData: object };

async function invokeOnce(call: Call): Promise<Outcome> {
  const invocationId = randomUUID();
  const of = { function: call.target.metadata.name, invocationId };
  const startedAt = performance.now();
  const durationMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  try {
    const returnValue = await runModel(call, invocationId);
    log({ level: 'information', ...of, message: 'Executed', outcome: 'succeeded', durationMs: durationMs() });
    return { type: 'succeeded', returnValue };
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log({ level: 'error', ...of, message: 'Executed', outcome: 'failed', durationMs: durationMs(), reason });
    return { type: 'failed' };
  }
}

async function runModel(call: Call, invocationId: string): Promise<RpcData | undefined> {
  const { registry, target, trigger, appHookData } = call;
  const { metadata } = target;
  if (registry.model === undefined) throw new Error('no programming model');
  const invocation = {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: metadata.name,
      inputData: [{ name: triggerName(target), data: trigger.data }],
      triggerMetadata: trigger.metadata ?? {},
      traceContext: {
        traceParent: trigger.traceParent ?? newTraceParent(),
        traceState: '',
        attributes: { InvocationId: invocationId },
      },
    },
    state: 'preInvocationHooks' as 'preInvocationHooks' | 'invocation' | 'postInvocationHooks',
    log: (level: RpcLevel, category: string, message: string) =>
      log({
        level,
        function: metadata.name,
        invocationId,
        message,
        ...(category === 'user' ? {} : { category }),
      }),
  };
  const model = registry.model.getInvocationModel(invocation);
  const { context, inputs } = await model.getArguments();
  const before = {
    hookData: {},
    appHookData,
    invocationContext: context,
    inputs,
    functionCallback: target.handler,
  };
  await runHooks(registry, 'preInvocation', before);
  invocation.state = 'invocation';
  const after = { ...before, result: undefined as unknown, error: undefined as unknown };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('the function threw nothing');
  }
  invocation.state = 'postInvocationHooks';
  await runHooks(registry, 'postInvocation', after);
  if (after.error !== undefined) {
    throw after.error instanceof Error
      ? after.error
      : new Error('thrown was not an Error', { cause: after.error });
  }
  const response = await model.getResponse(context, after.result);
  return response.returnValue ?? undefined;
}

async function runHooks(registry: Registry, name: HookName, context: object): Promise<void> {
  for (const callback of registry.hooks.get(name) ?? []) await callback(context);
}

function triggerName(target: RegisteredFunction): string {
  const found = Object.entries(target.metadata.bindings).find(([, binding]) =>
    /trigger$/i.test(binding.type),
  );
  if (found === undefined) throw new Error(`function "${target.metadata.name}" has no trigger`);
  return found[0];
}

const newTraceParent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
