import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] defaults to the repository's root
 * @property {Record<string, string | undefined>} [env] added to the environment
 * @property {'inherit' | 'capture' | 'stderr' | 'stdout-captured'} [output] where the program's output
 *   goes: to ours, into the result, all of it to our stderr, or stdout into the result and stderr to ours
 * @property {number} [timeoutMs]
 * @property {AbortSignal} [signal] ends the program when aborted
 *
 * @typedef {object} CommandResult
 * @property {number} code the exit code; 128 or more when a signal ended it, 127 when it could not be started
 * @property {string} stdout empty unless captured
 * @property {string} stderr empty unless captured
 */

/** @type {Record<NonNullable<CommandOptions['output']>, import('node:child_process').StdioOptions>} */
const STDIO = {
  inherit: 'inherit',
  capture: ['ignore', 'pipe', 'pipe'],
  stderr: ['ignore', process.stderr, process.stderr],
  'stdout-captured': ['ignore', 'pipe', 'inherit'],
};

/**
 * Runs a program to its end. Never rejects: a program that cannot be started is code 127 with the reason in
 * `stderr`. Signals sent to us reach an inheriting program by the terminal or by {@link forwardSignals}.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function run(program, args, options = {}) {
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: STDIO[options.output ?? 'capture'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
    signal: options.signal,
    // npm and friends are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32' && program.endsWith('.cmd'),
  });
  const stopForwarding = options.output === 'inherit' ? forwardSignals(child) : () => undefined;
  return collect(child).finally(stopForwarding);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<CommandResult>}
 */
function collect(child) {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stderr += text));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      resolve({ code: 127, stdout, stderr: `${stderr}${error.message}` });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 128, stdout, stderr });
    });
  });
}

/**
 * Passes polite ends on, so that Ctrl+C and a supervisor's SIGTERM let the program finish its own way.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops passing them on
 */
export function forwardSignals(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const listeners = signals.map((signal) => {
    const listener = () => child.kill(signal);
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}

/**
 * Is there a program of this name on PATH?
 * @param {string} program
 * @returns {Promise<string | null>} its path
 */
export async function findOnPath(program) {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  const { code, stdout } = await run(finder, [program]);
  return code === 0 ? (stdout.split('\n')[0]?.trim() ?? null) : null;
}
