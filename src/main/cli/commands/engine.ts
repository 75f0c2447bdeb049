import { resolve } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineStatus, InstallProgress } from '../../../shared/schema/engine.ts';
import { actionCommand } from '../actions.ts';
import { exitCodes, printResult, type CommandInput, type StudioSession, type Terminal } from '../command.ts';
import { formatBytes } from '../format.ts';
import { describeInstall } from '../progress-line.ts';
import { withStudio } from '../with-studio.ts';

type Work = (session: StudioSession) => Promise<EngineStatus>;

/** `engine status|install|import PATH`: TensorFlow's library on this machine. */
export const engineCommand = actionCommand({
  name: 'engine',
  summary: "show, install or import TensorFlow's library",
  options: {},
  actions: {
    status: {
      usage: '',
      async run(input, terminal) {
        await showAfter(input, terminal, ({ client }) => client.invoke('engine.status', {}));
        return exitCodes.success;
      },
    },
    install: {
      usage: '',
      run: (input, terminal) => makeReady(input, terminal, (session) => install(session, terminal)),
    },
    import: {
      usage: 'PATH',
      run: (input, terminal, [path]) =>
        makeReady(input, terminal, ({ client }) =>
          client.invoke('engine.importPack', { path: resolve(path!) }),
        ),
    },
  },
});

/** Shows how the engine stands after the work. */
async function showAfter(input: CommandInput, terminal: Terminal, work: Work): Promise<EngineStatus> {
  const status = await withStudio(input, terminal, work);
  printResult(input, terminal, { document: status, lines: describeStatus(status) });
  return status;
}

async function makeReady(input: CommandInput, terminal: Terminal, work: Work): Promise<number> {
  const { library } = await showAfter(input, terminal, work);
  return library.state === 'ready' ? exitCodes.success : exitCodes.failed;
}

async function install({ client }: StudioSession, terminal: Terminal): Promise<EngineStatus> {
  const before = await client.invoke('engine.status', {});
  if (before.library.state === 'ready') return before;
  let settle: (progress: InstallProgress) => void = () => undefined;
  const ended = new Promise<InstallProgress>((resolve) => (settle = resolve));
  const unsubscribe = client.subscribe('engine.install', (progress) => {
    if (['done', 'failed', 'cancelled'].includes(progress.phase)) settle(progress);
    else terminal.progress?.show(describeInstall(progress));
  });
  const stopListening = terminal.onInterrupt(() => void client.invoke('engine.cancelInstall', {}));
  try {
    await client.invoke('engine.startInstall', {});
    const { phase, message } = await ended;
    if (phase === 'cancelled') throw new StudioError('cancelled', 'engine: the installation was cancelled');
    if (phase === 'failed') throw new StudioError('library-missing', message);
    return await client.invoke('engine.status', {});
  } finally {
    terminal.progress?.clear();
    stopListening();
    unsubscribe();
  }
}

function describeStatus({ chosen, library, installable, devices, cores }: EngineStatus): string[] {
  const lines = [`engine    ${chosen}`];
  if (library.state === 'ready') {
    lines.push(
      `library   TensorFlow ${library.version}, ${formatBytes(library.sizeBytes)}, ${library.directory}`,
    );
  } else {
    lines.push(`library   ${library.state}: ${library.reason}`, `way out   ${library.wayOut}`);
    if (installable) {
      const { package: name, version, sizeBytes } = installable;
      lines.push(`install   ${name} ${version}, ${formatBytes(sizeBytes)}: engine install`);
    }
  }
  return [...lines, `devices   ${devices.map(({ name }) => name).join(', ')}`, `cores     ${cores}`];
}
