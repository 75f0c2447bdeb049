import type { Host, HostedProcess } from '../../host/host.ts';
import {
  searcherCommand,
  type MemberBatch,
  type MemberJob,
  type MemberOutcome,
  type SearcherCommand,
  type SearcherEvent,
} from '../../training/population/member-jobs.ts';

type Exit = { code: number | null; signal: string | null };

/** A searcher that does what a test says, in place of a process. Commands are parsed as the real one's are. */
export class FixtureSearcher implements HostedProcess {
  readonly pid: number;
  readonly commands: SearcherCommand[] = [];
  ended = false;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #exits = new Set<(exit: Exit) => void>();

  constructor(pid: number) {
    this.pid = pid;
  }

  /** The newest batch it was given. */
  get batch(): MemberBatch {
    const train = this.commands.findLast((command) => command.kind === 'train');
    if (train === undefined) throw new Error('no batch was sent');
    return train.batch;
  }

  /** The nets it was told to drop, of all times. */
  get pruned(): string[] {
    return this.commands.flatMap((command) => (command.kind === 'prune' ? command.keys : []));
  }

  send(message: unknown): void {
    this.commands.push(searcherCommand.parse(message));
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
    this.exit({ code: 0, signal: null });
  }

  kill(): void {
    this.exit({ code: null, signal: 'SIGKILL' });
  }

  exit(exit: Exit): void {
    if (this.ended) return;
    this.ended = true;
    for (const listener of this.#exits) listener(exit);
  }

  emit(event: SearcherEvent): void {
    for (const listener of this.#messages) listener(event);
  }

  /** Tells that nets of the batch have finished, each with a value; the batch is done with the last of them. */
  finish(jobs: readonly MemberJob[], valueOf: (job: MemberJob) => number): void {
    this.emit({ kind: 'ended', outcomes: jobs.map((job) => outcomeOf(job.key, valueOf(job))) });
  }
}

/** A net that has finished with one value. */
export function outcomeOf(key: string, value: number, change: Partial<MemberOutcome> = {}): MemberOutcome {
  return {
    key,
    state: 'finished',
    epochs: 4,
    values: [value],
    curve: [[4, value]],
    durationMs: 1,
    failure: null,
    ...change,
  };
}

/** A host whose programs are {@link FixtureSearcher}s, in the order of their launch. */
export class SearcherHost implements Host {
  readonly kind = 'node-child';
  readonly searchers: FixtureSearcher[] = [];

  launch(): FixtureSearcher {
    const searcher = new FixtureSearcher(2_000 + this.searchers.length);
    this.searchers.push(searcher);
    return searcher;
  }

  /** The one launched as number `index`, from 0. */
  searcher(index: number): FixtureSearcher {
    const searcher = this.searchers[index];
    if (searcher === undefined) throw new Error(`only ${this.searchers.length} searchers were launched`);
    return searcher;
  }
}
