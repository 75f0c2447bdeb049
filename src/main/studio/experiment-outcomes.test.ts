import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type OpenStore } from '../store/open-store.ts';
import { epochRecord, newRun } from '../store/store-test-kit.ts';
import { foldOf, newStudy } from '../store/study-test-kit.ts';
import { mergeOutcomes, readOutcomes } from './experiment-outcomes.ts';
import { temporaryHome } from './studio-test-kit.ts';

const searched = { id: 'circles', experiment: newStudy('any').experiment };
const STUDY = 'sstudy0000a';
const WINNER = 'run000000a';

let home: ReturnType<typeof temporaryHome>;
let store: OpenStore;
beforeEach(() => {
  home = temporaryHome();
  store = openStore(home.path);
});
afterEach(() => {
  store.close();
  home.remove();
});

/** Trials of two folds each with these values; every one is then run once, as the run of its place. */
function search(id: string, values: readonly number[], runs: readonly string[]): void {
  store.studies.createStudy(newStudy(id));
  store.studies.addTrials(
    id,
    values.map((_, number) => ({ number, point: { rate: number / 10 } })),
  );
  values.forEach((value, trial) => {
    const results = [0, 1].map((fold) => ({ trial, result: foldOf(fold, value) }));
    store.studies.addFolds(id, results);
  });
  runs.forEach((runId, trial) => {
    store.runs.createRun(newRun(runId, { experimentId: 'circles' }));
    store.runs.setState(runId, 'running');
    store.runs.appendEpoch(runId, epochRecord(runId, 1, 0.5));
    store.runs.setState(runId, 'finished');
    store.studies.addOpening(id, { at: '2026-01-01T00:00:00.000Z', trial, runIds: [runId] });
  });
}

const read = () => readOutcomes(searched, store, home.path);

describe('what came of a search', () => {
  it('is nothing before it has a winner', () => {
    store.studies.createStudy(newStudy(STUDY));
    expect(read()).toMatchObject({ search: null, variants: [{ variant: null, runs: [] }] });
  });

  it('is its winner, with the runs of the winner alone', () => {
    search(STUDY, [0.4, 0.2, 0.3], ['run000000b', WINNER, 'run000000c']);
    const { search: found, variants } = read();
    expect(found).toMatchObject({
      studyId: STUDY,
      trialsDone: 3,
      trialsPlanned: 4,
      netsDone: 6,
      best: { trial: 1, value: 0.2, point: { rate: 0.1 } },
    });
    expect(variants.map(({ runs }) => runs.map(({ runId }) => runId))).toEqual([[WINNER]]);
  });

  it('is that of the search that came farthest, in the history or kept beside the program', () => {
    search(STUDY, [0.4, 0.2], ['run000000b', WINNER]);
    search('sstudy0000b', [0.1], ['run000000d']);
    const own = read();
    expect(own.search?.studyId).toBe(STUDY);
    const kept = structuredClone(own);
    kept.search!.studyId = 'sstudy0000c';
    expect(mergeOutcomes(own, kept).search?.studyId).toBe(STUDY);
    kept.search!.trialsDone = 3;
    kept.variants[0]!.runs = [];
    const merged = mergeOutcomes(own, kept);
    expect(merged.search?.studyId).toBe('sstudy0000c');
    expect(merged.variants[0]!.runs).toEqual([]);
  });

  it('is nothing of an experiment or a space that has changed since, however it is gone through', () => {
    search(STUDY, [0.4, 0.2], ['run000000b', WINNER]);
    const { id, experiment } = searched;
    const now = (change: object, searchChange: object) => ({
      id,
      experiment: { ...experiment, ...change, search: { ...experiment.search!, ...searchChange } },
    });
    const readAs = (gallery: typeof searched) => readOutcomes(gallery, store, home.path);
    const [parameter] = experiment.search!.parameters;
    const narrower = { parameters: [{ ...parameter!, name: 'another' }] };
    expect(readAs(now({}, { pruner: { kind: 'median' } })).search?.studyId).toBe(STUDY);
    expect(readAs(now({}, narrower)).search).toBeNull();
    const retrained = now({ training: { ...experiment.training, epochs: 99 } }, {});
    expect(readAs(retrained).search).toBeNull();
    const kept = read();
    expect(mergeOutcomes(readAs(now({}, narrower)), kept).search?.studyId).toBe(STUDY);
    expect(mergeOutcomes(readAs(retrained), kept)).toMatchObject({ search: null, variants: [{ runs: [] }] });
  });
});
