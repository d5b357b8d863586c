import { createRequire } from 'node:module';

/**
 * Typed lines around rhea 3 (ES5, mostly untyped, and used here below its public surface). Nothing outside this folder knows
 * rhea. The types say only what we use; what is read from the wire is `unknown` until somebody looks.
 */
export type RheaTyped = { readonly type: { readonly typecode: number }; readonly value: unknown };

export type RheaSocket = {
  on(event: 'data' | 'error' | 'end', listener: (value: unknown) => void): unknown;
  write(bytes: Buffer): unknown;
  end(): unknown;
  get_id_string?(): string;
};

export type RheaDelivery = {
  readonly id: number;
  readonly tag: Buffer;
  readonly link: RheaLink;
  settled: boolean;
  remote_settled: boolean;
  readonly remote_state: { readonly constructor: { readonly composite_type?: string } } | undefined;
};

export type RheaTerminus = {
  readonly address?: string | null;
  readonly filter?: Record<string, unknown> | null;
};

export type RheaLink = {
  readonly name: string;
  readonly session: RheaSession;
  readonly connection: RheaConnection;
  readonly source: RheaTerminus | null;
  readonly target: RheaTerminus | null;
  readonly properties: Record<string, unknown> | null | undefined;
  readonly snd_settle_mode: number | null | undefined;
  readonly rcv_settle_mode: number | null | undefined;
  credit: number;
  delivery_count: number;
  readonly local: { readonly attach: Record<string, unknown> };
  readonly _draining?: boolean;
  open(): void;
  attach(): void;
  close(error?: AmqpError): void;
  set_source(fields: object): void;
  set_target(fields: object): void;
  set_drained(drained: boolean): void;
  set_credit_window(window: number): void;
  flow(credit: number): void;
  send(bytes: Buffer, tag: Buffer | undefined, format: number): RheaDelivery;
  is_open(): boolean;
  is_receiver(): boolean;
  on(event: string, listener: (context: RheaContext) => void): void;
};

export type RheaSession = {
  readonly connection: RheaConnection;
  readonly outgoing: {
    available(): number;
    readonly next_delivery_id: number;
    readonly next_pending_delivery: number;
  };
  create_sender(name: string, options?: object): RheaLink;
  create_receiver(name: string, options?: object): RheaLink;
  on_transfer(frame: { performative: { message_format: number | null } }): void;
  output(frame: object): void;
  is_remote_open(): boolean;
  readonly links: Record<string, RheaLink>;
};

export type RheaConnection = {
  readonly container_id: string;
  accept(socket: RheaSocket): void;
  close(error?: AmqpError): void;
  is_open(): boolean;
  is_remote_open(): boolean;
  _process(): void;
  _register(): void;
  on(event: string, listener: (context: RheaContext) => void): void;
};

export type RheaContext = {
  readonly connection: RheaConnection;
  readonly session: RheaSession;
  readonly sender?: RheaLink;
  readonly receiver?: RheaLink;
  readonly delivery?: RheaDelivery;
  readonly message?: Buffer;
  readonly format?: number;
};

export type AmqpError = { condition: string; description: string };

type Composite = { described(): RheaTyped };

type RheaModule = {
  create_container(options: object): RheaContainer;
  readonly types: {
    wrap_long(value: number | Buffer): RheaTyped;
    wrap_int(value: number): RheaTyped;
    wrap_uint(value: number): RheaTyped;
    wrap_timestamp(value: number): RheaTyped;
    wrap_uuid(value: Buffer): RheaTyped;
    wrap_symbol(value: string): RheaTyped;
    wrap_list(items: readonly unknown[]): RheaTyped;
    wrap_map(value: object): RheaTyped;
    wrap_symbolic_map(value: object): RheaTyped;
    wrap_array(items: readonly unknown[], typecode: number, descriptor: undefined): RheaTyped;
    described(descriptor: RheaTyped, value: RheaTyped): RheaTyped;
    wrap_ulong(value: number): RheaTyped;
    readonly Writer: new () => { write(value: RheaTyped): void; toBuffer(): Buffer };
  };
  readonly message: {
    encode(message: object): Buffer;
    decode(bytes: Buffer): Record<string, unknown>;
    accepted(): Composite;
    rejected(fields: { error: AmqpError }): Composite;
    modified(fields: object): Composite;
  };
};

export type RheaContainer = {
  create_connection(options: object): RheaConnection;
  on(event: string, listener: (context: never) => void): void;
};

type RheaFrames = {
  disposition(fields: {
    role: boolean;
    first: number;
    last: number;
    settled: boolean;
    state: RheaTyped;
  }): object;
};

const require = createRequire(import.meta.url);

export const rhea = require('rhea') as RheaModule;
export const frames = require('rhea/lib/frames.js') as RheaFrames;
