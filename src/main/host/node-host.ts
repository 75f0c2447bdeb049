import { fork, type ChildProcess } from 'node:child_process';
import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Host, HostedProcess, ProgramName } from './host.ts';
import { copyLines } from './line-prefix.ts';
import { findNodeProgram, type NodeProgram } from './node-program.ts';
import { wireEnvironment, type Wire } from './wire.ts';
import { projectRoot } from './paths.ts';
import { builtPrograms, type ProgramFiles } from './programs.ts';

export interface NodeHostOptions {
  /** The built programs of this project when left out. */
  readonly programs?: ProgramFiles;
  /** This process's Node, or the project's where it is too old. */
  readonly node?: NodeProgram;
  /** How messages cross; "structured" when left out. */
  readonly wire?: Wire;
}

/**
 * A host that forks Node programs. Their standard output and error go to this process's standard error, line by line
 * under the program's name, so that standard output stays free for results.
 */
export function createNodeHost(options: NodeHostOptions = {}): Host {
  const root = projectRoot();
  const programs = options.programs ?? builtPrograms(root);
  const wire = options.wire ?? 'structured';
  return {
    kind: 'node-child',
    launch(program, { environment = {} }) {
      const node = options.node ?? findNodeProgram(root);
      const child = fork(programs[program], [], {
        execPath: node.executable,
        // Not this process's own flags: a debugger or a loader is not inherited.
        execArgv: [],
        env: {
          ...withoutElectron(process.env),
          ...node.environment,
          ...environment,
          ...wireEnvironment(wire),
        },
        serialization: wire === 'text' ? 'json' : 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      return hosted(child, program, wire);
    },
  };
}

/** ELECTRON_RUN_AS_NODE is set only where it is meant. */
function withoutElectron(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = environment;
  return rest;
}

function hosted(child: ChildProcess, program: ProgramName, wire: Wire): HostedProcess {
  if (child.stdout) copyLines(child.stdout, process.stderr, program);
  if (child.stderr) copyLines(child.stderr, process.stderr, program);
  const exit = watchExit(child, program);
  return {
    pid: child.pid ?? -1,
    send(message) {
      // A child that has just died is told by its exit event, not by an exception here.
      if (child.connected)
        child.send(wire === 'text' ? encodeMessage(message) : (message as object), () => undefined);
    },
    onMessage(listener) {
      const receive = (message: unknown): void =>
        listener(wire === 'text' ? decodeMessage(String(message)) : message);
      child.on('message', receive);
      return () => child.off('message', receive);
    },
    onExit: exit.subscribe,
    end() {
      if (child.connected) child.disconnect();
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

type Exit = Parameters<Parameters<HostedProcess['onExit']>[0]>[0];

/** One exit per process, told to late listeners too; a program that could not start counts as ended. */
function watchExit(child: ChildProcess, program: ProgramName): { subscribe: HostedProcess['onExit'] } {
  let ended: Exit | null = null;
  const listeners = new Set<(exit: Exit) => void>();
  const tell = (exit: Exit): void => {
    if (ended) return;
    ended = exit;
    for (const listener of listeners) listener(exit);
    listeners.clear();
  };
  child.once('exit', (code, signal) => {
    // The last messages may still be in the channel; it disconnects once they are read.
    if (child.connected) child.once('disconnect', () => tell({ code, signal }));
    else tell({ code, signal });
  });
  child.on('error', (error) => {
    if (child.pid !== undefined) return;
    process.stderr.write(`[${program}] ${startFailure(program, error).message}\n`);
    tell({ code: null, signal: null });
  });
  return {
    subscribe(listener) {
      if (ended) listener(ended);
      else listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function startFailure(program: ProgramName, cause: Error): StudioError {
  return new StudioError(
    'process-lost',
    `host: the ${program} program could not be started (${cause.message}); run npm install again`,
    {},
    { cause },
  );
}
