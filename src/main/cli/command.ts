import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { StudioError } from '../../shared/ipc/errors.ts';

/** Exit codes, as shells and CI expect them. */
export const exitCodes = { success: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** The running studio as a command sees it. */
export interface StudioSession {
  readonly client: StudioClient;
  /** Rejects when the studio process dies; never resolves. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

/** Where a command prints and what it may ask for; a test gives its own. */
export interface Terminal {
  /** A line of result. */
  print(line: string): void;
  /** A line of news or trouble, on standard error. */
  tell(line: string): void;
  /** Rewrites one line on standard error; null when no person is watching. */
  readonly progress: ProgressLine | null;
  openStudio(options: { readonly dataDirectory: string | null }): Promise<StudioSession>;
  /** Calls the listener on Ctrl-C instead of ending; returns the function that stops listening. */
  onInterrupt(listener: () => void): () => void;
}

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Stands for the value in the help, e.g. "N". */
  readonly value?: string;
  readonly help: string;
  /** The actions of its command that take it; absent for all. */
  readonly actions?: readonly string[];
}

/** One word of the command line, e.g. `run`. */
export interface Command {
  readonly name: string;
  /** What follows the name, e.g. "FILE|ID". */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly positionals: { readonly min: number; readonly max: number };
  /** Returns the exit code. @throws StudioError, which the caller prints */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

/** Parsed words of the command line. */
export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly dataDirectory: string | null;
}

/** Prints what a command found: with `--json` as one document on standard output, else as lines for people. */
export function printResult(
  { json }: CommandInput,
  terminal: Terminal,
  { document, lines }: { readonly document: unknown; readonly lines: readonly string[] },
): void {
  if (json) terminal.print(JSON.stringify(document, null, 2));
  else for (const line of lines) terminal.print(line);
}

/** Prints an expected error the same way everywhere; with `--json` as a document on standard output. */
export function printError(error: StudioError, json: boolean, terminal: Terminal): void {
  if (json) {
    const { code, message, details } = error;
    terminal.print(JSON.stringify({ error: { code, message, details } }, null, 2));
  } else {
    terminal.tell(error.message);
  }
}
