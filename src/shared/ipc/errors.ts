import { z } from 'zod';

/** Codes a caller can act on; the message is for people. */
export const errorCode = z.enum([
  'invalid-input',
  'not-found',
  'conflict',
  'unsupported',
  'data-damaged',
  'shape-mismatch',
  'not-a-number',
  'disk-full',
  'store-damaged',
  'library-damaged',
  'library-missing',
  'process-lost',
  'cancelled',
  'forbidden',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** How an error crosses a process or a socket. */
export const wireError = z.strictObject({
  code: errorCode,
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type WireError = z.infer<typeof wireError>;

/**
 * An error that says who found what, what was expected and the way out, with a code to act on.
 * The one class of expected errors in the program; rebuilt on the other side of every boundary.
 */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StudioError';
    this.code = code;
    this.details = details;
  }
}

/** Makes any thrown value fit to cross; an unexpected one becomes `internal` and keeps its message. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof StudioError) {
    return { code: thrown.code, message: thrown.message, details: { ...thrown.details } };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, details: {} };
}

/** The inverse of {@link toWireError}. */
export function fromWireError(wire: WireError): StudioError {
  return new StudioError(wire.code, wire.message, wire.details);
}
