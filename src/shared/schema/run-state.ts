import { z } from 'zod';

export const runState = z.enum(['queued', 'running', 'paused', 'finished', 'failed', 'cancelled', 'crashed']);
export type RunState = z.infer<typeof runState>;
