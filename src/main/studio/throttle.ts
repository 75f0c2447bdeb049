/** Passes on at most one value per interval, always the newest. */
export interface Throttle<T> {
  push(value: T): void;
  /** Passes a waiting value on now. */
  flush(): void;
  /** Drops a waiting value. */
  cancel(): void;
}

/** @param intervalMs shortest time between two values passed on; the first goes at once */
export function createThrottle<T>(intervalMs: number, pass: (value: T) => void): Throttle<T> {
  let waiting: { readonly value: T } | null = null;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    const next = waiting;
    waiting = null;
    if (next !== null) pass(next.value);
  };
  const tick = (): void => {
    timer = null;
    if (waiting === null) return;
    flush();
    timer = setTimeout(tick, intervalMs);
  };
  return {
    push(value) {
      waiting = { value };
      if (timer !== null) return;
      flush();
      timer = setTimeout(tick, intervalMs);
    },
    flush,
    cancel() {
      waiting = null;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
