import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { SCHEMA_VERSION } from './schema.ts';
import {
  epochRecord,
  preprocessingOf,
  query,
  sampleExperiment,
  sampleModel,
  sampleProvenance,
} from './store-test-kit.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures');
const versions = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** Layers did not say what they read. */
const modelOfVersion1 = {
  ...sampleModel,
  layers: sampleModel.layers.map((layer) => ({ ...layer, inputs: [] })),
};

describe('histories of every schema version', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'store-fixture-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a fixture for each version', () => {
    const files = readdirSync(fixtures).filter((name) => name.endsWith('.db'));
    expect(files.sort()).toEqual(versions.map((version) => `store-v${version}.db`));
  });

  it.each(versions)('opens version %i with everything in it', (version) => {
    copyFileSync(join(fixtures, `store-v${version}.db`), join(folder, 'history.db'));
    const { runs, damage, close } = openStore(folder);
    expect(damage).toBeNull();
    expect(
      runs
        .list(query())
        .runs.map((run) => run.id)
        .sort(),
    ).toEqual(['fixture00finished', 'fixture00paused']);
    const detail = runs.getDetail('fixture00finished');
    expect(detail.summary).toMatchObject({
      name: 'Circles',
      seed: 7,
      state: 'finished',
      epochsDone: 3,
      durationMs: 150,
      sparkline: [0.9, 0.1 + 0.2, null],
      headline: { testAccuracy: 0.97, devLoss: null, trainLoss: 1 / 3 },
      tags: ['kept'],
      notes: 'Größe',
      createdAt: '2026-11-21T00:00:00.000Z',
    });
    expect(detail.experiment).toEqual(sampleExperiment());
    expect(detail.model).toEqual(version === 1 ? modelOfVersion1 : sampleModel);
    expect(detail.provenance).toEqual(sampleProvenance);
    expect(detail.preprocessing).toEqual(version === 1 ? null : preprocessingOf('fixture00finished'));
    expect(detail.log.map((line) => line.text)).toEqual(['Training.']);
    expect(detail.epochs).toHaveLength(3);
    expect(runs.latestCheckpoint('fixture00paused')?.step).toBe(14);
    expect(runs.list(query({ deleted: true })).runs[0]?.failure?.details).toEqual({ step: 3 });
    runs.setState('fixture00paused', 'running');
    expect(runs.appendEpoch('fixture00paused', epochRecord('fixture00paused', 2, 0.4)).epochsDone).toBe(2);
    close();
  });
});
