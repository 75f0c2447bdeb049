import type { HostedProcess } from '../host/host.ts';

type Exit = { code: number | null; signal: string | null };

/** A process that does what a test says. Commands are parsed as the real one's are. */
export class FixtureProcess<Command, Event> implements HostedProcess {
  readonly pid: number;
  readonly commands: Command[] = [];
  readonly #parse: (message: unknown) => Command;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #exits = new Set<(exit: Exit) => void>();
  #exit: Exit | null = null;

  constructor(pid: number, parse: (message: unknown) => Command) {
    this.pid = pid;
    this.#parse = parse;
  }

  get ended(): boolean {
    return this.#exit !== null;
  }

  send(message: unknown): void {
    this.commands.push(this.#parse(message));
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onExit(listener: (exit: Exit) => void): () => void {
    if (this.#exit !== null) listener(this.#exit);
    this.#exits.add(listener);
    return () => this.#exits.delete(listener);
  }

  end(): void {
    this.exit({ code: 0, signal: null });
  }

  kill(): void {
    this.exit({ code: null, signal: 'SIGKILL' });
  }

  exit(exit: Exit): void {
    if (this.ended) return;
    this.#exit = exit;
    for (const listener of this.#exits) listener(exit);
  }

  /** Sends anything, also what the real one never would. */
  say(message: unknown): void {
    for (const listener of this.#messages) listener(message);
  }

  emit(event: Event): void {
    this.say(event);
  }
}
