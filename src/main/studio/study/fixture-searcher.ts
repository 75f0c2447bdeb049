import type { Host, HostedProcess } from '../../host/host.ts';
import {
  searcherCommand,
  type MemberBatch,
  type MemberJob,
  type MemberOutcome,
  type SearcherCommand,
  type SearcherEvent,
} from '../../training/population/member-jobs.ts';
import { FixtureProcess } from '../fixture-process.ts';

/** A searcher that does what a test says, in place of a process. */
export class FixtureSearcher extends FixtureProcess<SearcherCommand, SearcherEvent> {
  constructor(pid: number) {
    super(pid, (message) => searcherCommand.parse(message));
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

/** A host whose searchers are {@link FixtureSearcher}s, in the order of their launch; its other programs do nothing. */
export class SearcherHost implements Host {
  readonly kind = 'node-child';
  readonly searchers: FixtureSearcher[] = [];

  launch(program: Parameters<Host['launch']>[0]): HostedProcess {
    if (program !== 'searcher') return new FixtureProcess(3_000, (message) => message);
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
