import { join } from 'node:path';
import { createNodeHost } from '../../src/main/host/node-host.ts';
import { cacheDirectory } from '../../src/main/host/paths.ts';
import { netsPerTrial } from '../../src/main/search/members.ts';
import { createSampler } from '../../src/main/search/samplers/index.ts';
import type { OpenStore } from '../../src/main/store/open-store.ts';
import { LiveStudy } from '../../src/main/studio/study/live-study.ts';
import { engineOptions } from '../../src/shared/schema/engine.ts';
import type { Experiment } from '../../src/shared/schema/experiment.ts';
import type { StudyId, StudySummary } from '../../src/shared/schema/study.ts';

const BEAT_MS = 1_000;

/** A search to be trained whole, and where. */
export interface WholeStudyOptions {
  readonly store: OpenStore;
  /** The folder of the store. */
  readonly home: string;
  /** With a search without a pruner. */
  readonly experiment: Experiment;
  readonly seed: number;
  readonly workers: number;
  /** Epochs between two points of each net's curve. */
  readonly measureEvery: number;
  /** Examples that are not of the test part. */
  readonly available: number;
  readonly tell: (text: string) => void;
}

/** Studies that were searched otherwise in the same folder have other names. */
function wholeId(seed: number): StudyId {
  return `swhole${String(seed).padStart(10, '0')}`;
}

/** The study of a seed, which is trained, or to its end, where it is not stored whole. */
export async function wholeStudy(options: WholeStudyOptions): Promise<StudySummary> {
  const { studies } = options.store;
  const known = studies.listStudies(false).find(({ id }) => id === wholeId(options.seed));
  if (known?.state === 'finished') return known;
  const id = known === undefined ? begin(options) : known.id;
  if (known !== undefined) {
    studies.markCrashed(0);
    studies.setState(id, 'running', { ownerPid: process.pid });
  }
  const durationMs = await train(id, options);
  return studies.setState(id, 'finished', { durationMs });
}

function begin({ store, experiment, seed, available }: WholeStudyOptions): StudyId {
  const search = experiment.search!;
  return store.studies.createStudy({
    id: wholeId(seed),
    ...{ experiment, seed },
    experimentId: null,
    trialsPlanned: createSampler(search, seed).trialCount ?? 1,
    netsPerTrial: netsPerTrial(search, available),
    ownerPid: process.pid,
  }).id;
}

/** Resolves to the time it took, earlier work included. */
async function train(id: StudyId, options: WholeStudyOptions): Promise<number> {
  const { store, home, seed, workers, measureEvery, available, tell } = options;
  let live: LiveStudy | null = null;
  const beat = setInterval(() => {
    if (live === null) return;
    store.studies.heartbeat([{ id, durationMs: live.durationMs }], process.pid);
    const { netsDone, netsPlanned } = store.studies.getSummary(id);
    tell(`seed ${seed}: ${netsDone} of ${netsPlanned} nets`);
  }, BEAT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      live = new LiveStudy(id, {
        ...{ store, workers, available, measureEvery },
        host: createNodeHost(),
        publish: () => undefined,
        engine: engineOptions.parse({ threads: 1 }),
        cacheDirectory: cacheDirectory(),
        datasetDirectory: join(home, 'datasets'),
        scratchDirectory: join(home, 'scratch', id),
        onEnd: () => resolve(),
        onFault: reject,
      });
      live.work();
    });
    return live!.durationMs;
  } finally {
    clearInterval(beat);
  }
}
