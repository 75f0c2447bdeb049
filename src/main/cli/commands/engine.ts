import { resolve } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineStatus, InstallProgress } from '../../../shared/schema/engine.ts';
import { exitCodes, type Command, type CommandInput, type StudioSession, type Terminal } from '../command.ts';
import { formatBytes } from '../format.ts';
import { describeInstall } from '../progress-line.ts';
import { withStudio } from '../with-studio.ts';

/** `engine status|install|import PATH`: TensorFlow's library on this machine. */
export const engineCommand: Command = {
  name: 'engine',
  usage: 'status | install | import PATH',
  summary: "show, install or import TensorFlow's library",
  options: {},
  positionals: { min: 1, max: 2 },
  async run(input, terminal) {
    const [action, path] = input.positionals;
    const work = chooseWork(action, path, terminal);
    if (!work) {
      throw new StudioError(
        'invalid-input',
        `engine: found "${input.positionals.join(' ')}", expected "status", "install" or "import PATH"`,
      );
    }
    const status = await withStudio(input, terminal, work);
    printStatus(status, input, terminal);
    return action === 'status' || status.library.state === 'ready' ? exitCodes.success : exitCodes.failed;
  },
};

type Work = (session: StudioSession) => Promise<EngineStatus>;

function chooseWork(action: string | undefined, path: string | undefined, terminal: Terminal): Work | null {
  if (action === 'import' && path !== undefined) {
    return ({ client }) => client.invoke('engine.importPack', { path: resolve(path) });
  }
  if (path !== undefined) return null;
  if (action === 'status') return ({ client }) => client.invoke('engine.status', {});
  return action === 'install' ? (session) => install(session, terminal) : null;
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

function printStatus(status: EngineStatus, input: CommandInput, terminal: Terminal): void {
  if (input.json) terminal.print(JSON.stringify(status, null, 2));
  else for (const line of describeStatus(status)) terminal.print(line);
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
