/** Names of the two Electron channels between a window and the main process. */
export const channels = {
  /** Window to main: (call, params) -> Reply. */
  invoke: 'studio:invoke',
  /** Main to window: (event, payload). */
  event: 'studio:event',
} as const;
