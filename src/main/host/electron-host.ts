import { utilityProcess, type UtilityProcess } from 'electron';
import type { Host, HostedProcess, ProgramName } from './host.ts';
import { copyLines } from './line-prefix.ts';
import { createNodeHost } from './node-host.ts';
import { isNewEnough } from './node-program.ts';
import { endMessage } from './parent-port.ts';
import { projectRoot } from './paths.ts';
import { builtPrograms, type ProgramFiles } from './programs.ts';

/**
 * The host of Electron's main process: utility processes where Electron's Node is new enough for the studio's
 * database, else forks of the project's own Node, spoken to in text.
 */
export function createElectronHost(programs: ProgramFiles = builtPrograms(projectRoot())): Host {
  if (!isNewEnough(process.versions.node)) return createNodeHost({ programs, wire: 'text' });
  return {
    kind: 'electron-utility',
    launch(program, { environment = {} }) {
      const child = utilityProcess.fork(programs[program], [], {
        serviceName: `epoch-studio ${program}`,
        env: { ...definedOnly(process.env), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return hosted(child, program);
    },
  };
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

function hosted(child: UtilityProcess, program: ProgramName): HostedProcess {
  if (child.stdout) copyLines(child.stdout, process.stderr, program);
  if (child.stderr) copyLines(child.stderr, process.stderr, program);
  return {
    get pid() {
      return child.pid ?? -1;
    },
    send: (message) => child.postMessage(message),
    onMessage(listener) {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    onExit(listener) {
      const tell = (code: number): void => listener({ code, signal: null });
      child.once('exit', tell);
      return () => child.off('exit', tell);
    },
    end: () => child.postMessage(endMessage),
    kill() {
      // UtilityProcess.kill is a SIGTERM, which a busy program may not answer.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
