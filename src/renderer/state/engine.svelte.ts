import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { EngineStatus, InstallProgress } from '../../shared/schema/engine.ts';

const WORKING: readonly InstallProgress['phase'][] = ['download', 'unpack', 'check'];
const NAMES = { tensorflow: 'TensorFlow', wasm: 'WebAssembly', cpu: 'JavaScript' } as const;

/** The engine in a few words, e.g. "TensorFlow 2.21.0 CPU · 2 threads". */
export function describeEngine(status: EngineStatus, threads: number | null): string {
  if (status.chosen !== 'tensorflow') return `Fallback engine: ${NAMES[status.chosen]}`;
  const version = status.library.state === 'ready' ? ` ${status.library.version}` : '';
  const device = status.devices.some((d) => d.kind === 'cuda') ? 'CUDA' : 'CPU';
  const count = threads ?? status.cores;
  return `${NAMES.tensorflow}${version} ${device} · ${count} ${count === 1 ? 'thread' : 'threads'}`;
}

/** What computes, and the install of TensorFlow's library while it runs. */
export class EngineMonitor {
  status = $state.raw<EngineStatus | null>(null);
  install = $state.raw<InstallProgress | null>(null);
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get installing(): boolean {
    return this.install !== null && WORKING.includes(this.install.phase);
  }

  /** Can the library be installed from here, and is it not there yet? */
  get canInstall(): boolean {
    return this.status !== null && this.status.library.state !== 'ready' && this.status.installable !== null;
  }

  start(): () => void {
    const stops = [
      this.#client.subscribe('engine.install', (progress) => {
        this.install = progress;
      }),
      this.#client.subscribe('engine.changed', (status) => {
        this.status = status;
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    this.status = await this.#client.invoke('engine.status', {});
  }

  async startInstall(): Promise<void> {
    await this.#client.invoke('engine.startInstall', {});
  }

  async cancelInstall(): Promise<void> {
    await this.#client.invoke('engine.cancelInstall', {});
  }

  async importPack(path: string): Promise<void> {
    this.status = await this.#client.invoke('engine.importPack', { path });
  }
}
