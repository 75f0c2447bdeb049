/** Tells the person at the terminal what happens; on stderr, so that stdout stays a program's own. */
export function say(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
}

/** Words for a length of time, e.g. "850 ms", "12.3 s", "3 min 20 s". */
export function formatDuration(/** @type {number} */ durationMs) {
  if (durationMs < 1000) return `${String(Math.round(durationMs))} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/** The message of anything that was thrown. */
export function reasonOf(/** @type {unknown} */ thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The last lines of a program's output that say anything, for an error message. */
export function lastLines(/** @type {string} */ text, /** @type {number} */ count = 3) {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n');
}
