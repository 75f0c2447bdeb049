/** The programs a host can start; each is a built file under `out/main`. */
export type ProgramName = 'studio' | 'trainer' | 'inspector' | 'importer' | 'explorer' | 'searcher';

/** A started program and the channel to it. Messages are structured-clone safe. */
export interface HostedProcess {
  readonly pid: number;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, with the exit code or the signal that ended it. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): () => void;
  /** Asks it to end politely: it sees its parent disconnect, finishes its writes and exits. */
  end(): void;
  /** Ends it at once (SIGKILL). */
  kill(): void;
}

/**
 * Starts the studio, trainer, inspector, importer, explorer and searcher programs: `utilityProcess.fork` under Electron,
 * `child_process.fork` under Node (command line, serve, tests, and an Electron older than better-sqlite3's Node-API).
 */
export interface Host {
  readonly kind: 'electron-utility' | 'node-child';
  launch(
    program: ProgramName,
    options: { readonly environment?: Readonly<Record<string, string>> },
  ): HostedProcess;
}

/** The other end: what a launched program sees of its parent. */
export interface ParentPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once when the parent is gone; the program must then end without losing acknowledged work. */
  onDisconnect(listener: () => void): () => void;
}
