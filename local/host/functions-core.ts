/**
 * The module `@azure/functions-core` as the real worker provides it: `@azure/functions` requires it on the first
 * `app.http(...)` and registers programming model and functions with it. It exists on no registry; the worker supplies it by
 * patching `Module.prototype.require`, which reaches ESM apps too, as `@azure/functions` itself is CommonJS.
 * (cloud-protocols.md F.1)
 */
import Module from 'node:module';

/** A binding as the library describes it: `type`, `direction` and the options given at registration. */
export type Binding = { type: string; direction: 'in' | 'out' } & Record<string, unknown>;

/** A textual option of a binding, or undefined where it has none. */
export const textOf = (binding: Binding, option: string): string | undefined => {
  const value = binding[option];
  return typeof value === 'string' ? value : undefined;
};

/** What the library registers per function. */
export type FunctionMetadata = { name: string; bindings: Record<string, Binding> };

/** Data on its way into or out of a function. */
export type RpcData = {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: unknown;
  collectionString?: { string: string[] };
};

export type TraceContext = { traceParent: string; traceState: string; attributes: Record<string, string> };

/** One call of a function, in the words of the worker protocol. */
export type InvocationRequest = {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: RpcData }[];
  triggerMetadata: Record<string, RpcData>;
  traceContext: TraceContext;
};

export type RpcLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

export type Callback = (...args: unknown[]) => unknown;

type CoreInvocation = {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';
  log(level: RpcLevel, category: string, message: string): void;
};

/** The half of the contract that `@azure/functions` implements. */
export type ProgrammingModel = {
  name: string;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
  getInvocationModel(invocation: CoreInvocation): {
    getArguments(): Promise<{ context: object; inputs: unknown[] }>;
    invokeFunction(context: object, inputs: unknown[], handler: Callback): Promise<unknown>;
    getResponse(context: object, result: unknown): Promise<{ returnValue?: RpcData | null }>;
  };
};

export type HookName = 'preInvocation' | 'postInvocation' | 'appStart' | 'appTerminate' | 'log';
const hookNames = new Set<string>(['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log']);

export type HookCallback = (context: object) => unknown;

export type RegisteredFunction = { metadata: FunctionMetadata; handler: Callback };

/** What an app registered while it was loaded. */
export type Registry = {
  functions: Map<string, RegisteredFunction>;
  hooks: Map<HookName, HookCallback[]>;
  model: ProgrammingModel | undefined;
  /** After start-up nothing may be registered any more. */
  sealed: boolean;
};

export type CoreLog = (level: RpcLevel, category: string, message: string) => void;

/** Makes an empty registry and hands it to every `require('@azure/functions-core')` of this process. */
export function provideFunctionsCore(log: CoreLog): Registry {
  const registry: Registry = { functions: new Map(), hooks: new Map(), model: undefined, sealed: false };
  const core = coreModule(registry, log);
  const prototype = Module.prototype as unknown as { require: (this: unknown, id: string) => unknown };
  const original = prototype.require;
  prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : original.call(this, id);
  };
  return registry;
}

class CoreDisposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  static from(...disposables: { dispose(): unknown }[]): CoreDisposable {
    return new CoreDisposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): void {
    this.#dispose();
  }
}

const coreModule = (registry: Registry, log: CoreLog) => ({
  version: '3.12.0',
  hostVersion: '4.1000.0.0',
  Disposable: CoreDisposable,
  log,
  setProgrammingModel: (model: ProgrammingModel) => {
    registry.model = model;
  },
  getProgrammingModel: () => registry.model,
  registerFunction: (metadata: FunctionMetadata, handler: Callback) => {
    if (registry.sealed)
      throw new Error(`function "${metadata.name}" was registered after the app had started`);
    if (registry.functions.has(metadata.name)) {
      throw new Error(`two functions are called "${metadata.name}"`);
    }
    registry.functions.set(metadata.name, { metadata, handler });
    return new CoreDisposable(() => registry.functions.delete(metadata.name));
  },
  registerHook: (name: string, callback: HookCallback) => {
    if (!hookNames.has(name)) throw new RangeError(`unknown hook "${name}"`);
    const callbacks = registry.hooks.get(name as HookName) ?? [];
    registry.hooks.set(name as HookName, callbacks);
    callbacks.push(callback);
    return new CoreDisposable(() => callbacks.splice(callbacks.indexOf(callback), 1));
  },
});
