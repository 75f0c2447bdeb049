import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import { memberKey } from '../../src/main/search/member.ts';
import { openStore, type OpenStore } from '../../src/main/store/open-store.ts';
import { LiveStudy } from '../../src/main/studio/study/live-study.ts';
import { engineOptions } from '../../src/shared/schema/engine.ts';
import type { PrunerSpec } from '../../src/shared/schema/search.ts';
import type { StudyId, StudySummary, TrialSummary } from '../../src/shared/schema/study.ts';
import { ReplayHost } from './replay-host.ts';

/** What a study came to. */
export interface StudyOutcome {
  readonly summary: StudySummary;
  readonly trials: readonly TrialSummary[];
}

/** A whole study and what it is replayed with. */
export interface ReplayOptions {
  readonly store: OpenStore;
  readonly studyId: StudyId;
  readonly dataset: LoadedDataset;
  /** Examples that are not of the test part. */
  readonly available: number;
  readonly workers: number;
}

/**
 * What a study would have come to under a pruner: the real study engine, plan, judge and store work on searchers that
 * tell what each net measured when all of them were trained to their ends. A net's numbers do not depend on whether
 * others are trained, so nothing but the turns of the nets is guessed.
 * @throws Error where the whole study measured its nets too rarely for the pruner
 */
export function replayStudy(options: ReplayOptions, pruner: PrunerSpec): StudyOutcome {
  const { studies } = options.store;
  const { experiment, summary } = studies.getDetail(options.studyId);
  const nets = studies
    .folds(options.studyId, null)
    .map(({ trial, result }) => [memberKey({ trial, ...result }), result] as const);
  const host = new ReplayHost(new Map(nets), options.dataset);
  const folder = mkdtempSync(join(tmpdir(), 'epoch-studio-replay-'));
  const store = openStore(folder);
  try {
    const study = store.studies.createStudy({
      id: summary.id,
      experiment: { ...experiment, search: { ...experiment.search!, pruner } },
      experimentId: summary.experimentId,
      seed: summary.seed,
      trialsPlanned: summary.trialsPlanned,
      netsPerTrial: summary.netsPlanned / summary.trialsPlanned,
      ownerPid: process.pid,
    });
    work(study.id, store, host, folder, options);
    return {
      summary: store.studies.getSummary(study.id),
      trials: store.studies.trials(study.id, 0, 1_000_000),
    };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function work(
  id: StudyId,
  store: OpenStore,
  host: ReplayHost,
  folder: string,
  { workers, available }: ReplayOptions,
): void {
  const ends: unknown[] = [];
  const live = new LiveStudy(id, {
    ...{ store, host, workers, available },
    publish: () => undefined,
    engine: engineOptions.parse({}),
    cacheDirectory: folder,
    datasetDirectory: folder,
    scratchDirectory: join(folder, 'scratch'),
    onEnd: (state) => ends.push(state),
    onFault: (error) => ends.push(error),
  });
  live.work();
  host.run();
  live.stop();
  const [end = 'without an end'] = ends;
  if (end !== 'finished') throw new Error('replay: the study was not finished', { cause: end });
}
