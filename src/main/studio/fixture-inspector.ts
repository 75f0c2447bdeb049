import { callMessage, type CallMessage } from '../../shared/ipc/message.ts';
import type { Host, HostedProcess } from '../host/host.ts';

type Exit = { code: number | null; signal: string | null };

/** An inspector that answers what a test says, in place of a process. */
export class FixtureInspector implements HostedProcess {
  readonly pid: number;
  readonly calls: CallMessage[] = [];
  ended: 'asked' | 'killed' | null = null;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #exits = new Set<(exit: Exit) => void>();

  constructor(pid: number) {
    this.pid = pid;
  }

  /** What it was asked last. */
  get lastCall(): CallMessage {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('it was asked nothing');
    return call;
  }

  send(message: unknown): void {
    this.calls.push(callMessage.parse(message));
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onExit(listener: (exit: Exit) => void): () => void {
    this.#exits.add(listener);
    return () => this.#exits.delete(listener);
  }

  end(): void {
    this.#exit('asked', { code: 0, signal: null });
  }

  kill(): void {
    this.#exit('killed', { code: null, signal: 'SIGKILL' });
  }

  /** Answers its last call, and waits until the answer has gone its way. */
  async answer(value: unknown): Promise<void> {
    for (const listener of this.#messages) listener({ id: this.lastCall.id, ok: true, value });
    await settled();
  }

  /** Sends an event of the contract. */
  tell(event: string, payload: unknown): void {
    for (const listener of this.#messages) listener({ event, payload });
  }

  async refuse(code: string, message: string): Promise<void> {
    const error = { code, message, details: {} };
    for (const listener of this.#messages) listener({ id: this.lastCall.id, ok: false, error });
    await settled();
  }

  /** Dies by itself. */
  async crash(): Promise<void> {
    this.kill();
    await settled();
  }

  #exit(ended: 'asked' | 'killed', exit: Exit): void {
    if (this.ended !== null) return;
    this.ended = ended;
    for (const listener of this.#exits) listener(exit);
  }
}

/** Lets everything run that waits for promises only. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A host whose inspectors are {@link FixtureInspector}s, in the order of their launch. */
export class InspectorFixtureHost implements Host {
  readonly kind = 'node-child';
  readonly inspectors: FixtureInspector[] = [];

  launch(): FixtureInspector {
    const inspector = new FixtureInspector(2000 + this.inspectors.length);
    this.inspectors.push(inspector);
    return inspector;
  }

  /** The one launched as number `index`, from 0. */
  inspector(index: number): FixtureInspector {
    const inspector = this.inspectors[index];
    if (inspector === undefined) throw new Error(`only ${this.inspectors.length} inspectors were launched`);
    return inspector;
  }
}
