import { serveOverPort, type Publisher } from '../../shared/ipc/port.ts';
import {
  importerContract,
  importerHandlers,
  type ImporterContract,
} from '../data/import/importer-contract.ts';
import type { Host, HostedProcess } from '../host/host.ts';

type Listener = (message: unknown) => void;
type ExitListener = (exit: { code: number | null; signal: string | null }) => void;

/** An importer in this process: real work behind a channel that copies messages as one between processes does. */
class LocalImporter implements HostedProcess {
  readonly pid = process.pid;
  ended = false;
  readonly #toStudio = new Set<Listener>();
  readonly #toImporter = new Set<Listener>();
  readonly #exits = new Set<ExitListener>();

  constructor() {
    let publisher: Publisher<ImporterContract> | null = null;
    const handlers = importerHandlers((phase) => publisher?.publish('phase', { phase }));
    publisher = serveOverPort(importerContract, handlers, {
      send: (message) => this.#deliver(this.#toStudio, message),
      onMessage: (listener) => {
        this.#toImporter.add(listener);
        return () => this.#toImporter.delete(listener);
      },
      onDisconnect: () => () => undefined,
    });
  }

  send(message: unknown): void {
    this.#deliver(this.#toImporter, message);
  }

  onMessage(listener: Listener): () => void {
    this.#toStudio.add(listener);
    return () => this.#toStudio.delete(listener);
  }

  onExit(listener: ExitListener): () => void {
    this.#exits.add(listener);
    return () => this.#exits.delete(listener);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const listener of this.#exits) listener({ code: 0, signal: null });
  }

  kill(): void {
    this.end();
  }

  #deliver(listeners: ReadonlySet<Listener>, message: unknown): void {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      if (!this.ended) for (const listener of listeners) listener(copy);
    });
  }
}

/** A host that starts importers only, in this process. */
export class LocalImporterHost implements Host {
  readonly kind = 'node-child';
  /** Those started, in order. */
  readonly importers: LocalImporter[] = [];

  launch(program: Parameters<Host['launch']>[0]): HostedProcess {
    if (program !== 'importer') throw new Error(`a ${program} was not expected`);
    const importer = new LocalImporter();
    this.importers.push(importer);
    return importer;
  }
}
