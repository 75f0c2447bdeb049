import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly timeoutMs: number;
  /** What messages call it. */
  readonly label: string;
}

/** A contestant that gave no answer; the benchmark goes on without it and says so. */
export class ContestantError extends Error {}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-4).join('\n');
}

/** The JSON on the last line, or undefined. */
function parseAnswer(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

/**
 * Runs a program to its end and returns the JSON on the last line of its output.
 * @throws ContestantError where it cannot be started, fails, takes too long or answers nothing
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { timeoutMs, label }: ProgramOptions,
): Promise<unknown> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new ContestantError(`${label} ${reason}`));
    child.on('error', (error) => fail(`could not be started (${error.message})`));
    child.on('close', (code, signal) => {
      if (signal !== null) return fail(`was ended after ${timeoutMs / 1_000} s (${signal})`);
      if (code !== 0) return fail(`failed (exit code ${code}): ${lastLines(stderr)}`);
      const answer = parseAnswer(stdout);
      if (answer === undefined) return fail(`printed no JSON on its last line: ${lastLines(stdout)}`);
      resolve(answer);
    });
  });
}
