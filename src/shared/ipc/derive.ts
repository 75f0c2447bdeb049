import type { z } from 'zod';

/** A call: parameters in, result out, both parsed at the boundary. */
export interface Invoke<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly type: 'invoke';
  readonly params: P;
  readonly result: R;
}

/** An event from the studio to every window. */
export interface Notify<E extends z.ZodType = z.ZodType> {
  readonly type: 'notify';
  readonly event: E;
}

/** The contract's shape: names such as "runs.start" to calls and events. */
export type ContractTable = Readonly<Record<string, Invoke | Notify>>;

export function invoke<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Invoke<P, R> {
  return { type: 'invoke', params, result };
}

export function notify<E extends z.ZodType>(event: E): Notify<E> {
  return { type: 'notify', event };
}

export type CallName<T extends ContractTable> = {
  [K in keyof T & string]: T[K] extends Invoke ? K : never;
}[keyof T & string];

export type EventName<T extends ContractTable> = {
  [K in keyof T & string]: T[K] extends Notify ? K : never;
}[keyof T & string];

/** What a caller passes (defaults may be left out). */
export type CallParams<T extends ContractTable, K extends CallName<T>> =
  T[K] extends Invoke<infer P> ? z.input<P> : never;

/** What a handler receives (defaults filled in). */
export type ParsedParams<T extends ContractTable, K extends CallName<T>> =
  T[K] extends Invoke<infer P> ? z.output<P> : never;

export type CallResult<T extends ContractTable, K extends CallName<T>> =
  T[K] extends Invoke<z.ZodType, infer R> ? z.output<R> : never;

export type EventPayload<T extends ContractTable, K extends EventName<T>> =
  T[K] extends Notify<infer E> ? z.output<E> : never;

/** One function per call; leaving one out is a compile error. */
export type Handlers<T extends ContractTable> = {
  readonly [K in CallName<T>]: (params: ParsedParams<T, K>) => Promise<CallResult<T, K>> | CallResult<T, K>;
};

/** The typed side a screen or the command line sees. */
export interface Client<T extends ContractTable> {
  /** Rejects with a `StudioError` rebuilt from the other side. */
  invoke<K extends CallName<T>>(name: K, params: CallParams<T, K>): Promise<CallResult<T, K>>;
  /** Returns the function that unsubscribes. */
  subscribe<K extends EventName<T>>(name: K, listener: (payload: EventPayload<T, K>) => void): () => void;
}

/** What a preload or a socket provides: untyped values, structured-clone or JSON safe. */
export interface Transport {
  /** Resolves to a `Reply`, never rejects for a handler's own error. */
  invoke(name: string, params: unknown): Promise<unknown>;
  subscribe(name: string, listener: (payload: unknown) => void): () => void;
}
