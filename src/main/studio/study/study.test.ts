import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estimateBytes, maxEventBytes } from '../../../shared/ipc/event-size.ts';
import { experiment, type Experiment } from '../../../shared/schema/experiment.ts';
import type { StudyId } from '../../../shared/schema/study.ts';
import { startTestStudio, temporaryHome, type TestStudio } from '../studio-test-kit.ts';
import type { StudioSurroundings } from '../surroundings.ts';
import { SearcherHost } from './fixture-searcher.ts';

/** A search over the learning rate of a small net; `search` overrides. */
function searchOf(search: object = {}): Experiment {
  const dense = (units: number) => ({ kind: 'dense', units });
  return experiment.parse({
    schemaVersion: 1,
    name: 'Small search',
    data: { dataset: 'noisy-1d', generator: { trainExamples: 20, testExamples: 5, noise: 0.3, seed: 1 } },
    model: { layers: [dense(4), dense(1)] },
    training: { loss: 'mean-squared-error', batchSize: 4, epochs: 4 },
    evaluation: { metrics: [] },
    search: {
      parameters: [
        {
          kind: 'log-uniform',
          name: 'rate',
          paths: ['training.optimizer.learningRate'],
          minimum: 0.001,
          maximum: 1,
        },
      ],
      sampler: { kind: 'random', trials: 4 },
      ...search,
    },
  });
}

let home: ReturnType<typeof temporaryHome>;
let host: SearcherHost;
let studio: TestStudio;
function open(change: Partial<StudioSurroundings> = {}): void {
  host = new SearcherHost();
  studio = startTestStudio(home.path, { host, ...change });
}
beforeEach(() => {
  home = temporaryHome();
  open();
});
afterEach(async () => {
  await studio.studio.close(0).catch(() => undefined);
  home.remove();
});

async function start(search: object = {}, workers = 1): Promise<StudyId> {
  const { studyId } = await studio.handlers['studies.start']({
    experiment: searchOf(search),
    experimentId: null,
    seed: 1,
    engine: 'cpu',
    workers,
  });
  return studyId;
}

describe('a study at work', () => {
  it('tells of all that changed in events that are never too large, however much it is', async () => {
    const studyId = await start({ sampler: { kind: 'random', trials: 900 } });
    const drawn = studio.events.of('study.trials');
    expect(drawn.flatMap(({ trials }) => trials.map(({ number }) => number))).toEqual([...Array(900).keys()]);
    const searcher = host.searcher(0);
    searcher.finish(searcher.batch.members, () => 1);
    const all = studio.events.of('study.trials');
    const ended = all.slice(drawn.length).flatMap(({ trials }) => trials);
    expect(ended.map(({ state }) => state)).toEqual(searcher.batch.members.map(() => 'finished'));
    for (const event of all) {
      expect(event.studyId).toBe(studyId);
      expect(estimateBytes(event)).toBeLessThanOrEqual(maxEventBytes);
    }
  });
});
