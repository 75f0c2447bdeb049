import { StudioError, type ErrorCode } from '../../../shared/ipc/errors.ts';
import type { CApi } from './c-api.ts';
import type { Pointer } from './c-library.ts';

/** TF_Code values (tensorflow/c/tf_status.h) that a caller can act on. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  1: 'cancelled',
  3: 'shape-mismatch',
  5: 'not-found',
  12: 'unsupported',
};

/** Throws what TensorFlow put into a status, as a StudioError that names who asked. */
export function throwStatus(api: CApi, status: Pointer, who: string): void {
  const code = api.status.code(status);
  if (code === 0) return;
  throw new StudioError(CODES[code] ?? 'internal', `TensorFlow, ${who}: ${api.status.message(status)}`, {
    tensorflowCode: code,
    who,
  });
}

/** Runs `body` with a fresh status, checks it and frees it. Each call has its own: calls may overlap on threads. */
export function withStatus<T>(api: CApi, who: string, body: (status: Pointer) => T): T {
  const status = api.status.create();
  try {
    const result = body(status);
    throwStatus(api, status, who);
    return result;
  } finally {
    api.status.delete(status);
  }
}
