import { exitCodes, type Terminal } from './command.ts';
import { createProgressLine } from './progress-line.ts';
import { openSession } from './session.ts';

/** The real terminal: results on standard output, news on standard error. */
export function createTerminal(): Terminal {
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    tell: (line) => void process.stderr.write(`${line}\n`),
    progress: process.stderr.isTTY ? createProgressLine(process.stderr) : null,
    openStudio: ({ dataDirectory }) => Promise.resolve(openSession(dataDirectory)),
    onInterrupt,
  };
}

/** The first Ctrl-C (or SIGTERM) asks, the second ends at once; children end with their parent. */
function onInterrupt(listener: () => void): () => void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(exitCodes.interrupted);
    asked = true;
    listener();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
