import { exitCodes, type Terminal } from './command.ts';
import { createProgressLine } from './progress-line.ts';
import { openSession } from './session.ts';

/** The real terminal: results on standard output, news on standard error. */
export function createTerminal(): Terminal {
  process.stdout.on('error', endWithReader);
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    tell: (line) => void process.stderr.write(`${line}\n`),
    progress: process.stderr.isTTY ? createProgressLine(process.stderr) : null,
    openStudio: ({ dataDirectory }) => Promise.resolve(openSession(dataDirectory)),
    onInterrupt,
  };
}

/** Whoever reads the results has had enough ("| head"); that is no failure. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.success);
}

/** A Ctrl-C reaches this process from the terminal and again from a script that passes signals on. */
const sameKeyPressMs = 500;

/** The first Ctrl-C (or SIGTERM) asks, the next one ends at once; children end with their parent. */
function onInterrupt(listener: () => void): () => void {
  let askedAt: number | null = null;
  const onSignal = (): void => {
    if (askedAt === null) {
      askedAt = Date.now();
      listener();
    } else if (Date.now() - askedAt > sameKeyPressMs) {
      process.exit(exitCodes.interrupted);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
