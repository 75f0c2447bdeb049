import { z } from 'zod';
import { wireError } from './errors.ts';

/** How a call ended. A handler's own error is a value, so that it survives every transport. */
export const reply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: wireError }),
]);
export type Reply = z.infer<typeof reply>;

const messageId = z.int().nonnegative();

/** One call on its way to the studio. `id` is the caller's own and comes back with the reply. */
export const callMessage = z.strictObject({ id: messageId, call: z.string(), params: z.unknown() });
export type CallMessage = z.infer<typeof callMessage>;

/** The reply to the call with the same `id`. */
export const replyMessage = z.discriminatedUnion('ok', [
  z.strictObject({ id: messageId, ...reply.options[0].shape }),
  z.strictObject({ id: messageId, ...reply.options[1].shape }),
]);
export type ReplyMessage = z.infer<typeof replyMessage>;

/** An event on its way to the doors. */
export const eventMessage = z.strictObject({ event: z.string(), payload: z.unknown() });
export type EventMessage = z.infer<typeof eventMessage>;

/** The serving side is set up and takes calls; the first message it sends. */
export const readyMessage = z.strictObject({ ready: z.literal(true) });

/** Everything the serving side sends. */
export const serverMessage = z.union([replyMessage, eventMessage, readyMessage]);
export type ServerMessage = z.infer<typeof serverMessage>;
