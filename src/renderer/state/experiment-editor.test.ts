import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExperimentCheck } from '../../shared/ipc/contract.ts';
import { getAt } from '../text/json-path.ts';
import { ExperimentEditor } from './experiment-editor.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleExperiment, sampleModel } from './testing/samples.ts';

/** A studio that only minds units below one. */
function checkUnits({ experiment }: { experiment: unknown }): ExperimentCheck {
  const bad = getAt(experiment, 'model.layers.0.units') === 0;
  if (!bad) return { issues: [], experiment: sampleExperiment, model: sampleModel, stepsPerEpoch: 7 };
  const issues = [{ path: 'model.layers[0].units', message: 'found 0, expected at least 1' }];
  return { issues, experiment: null, model: null, stepsPerEpoch: null };
}

describe('the experiment editor', () => {
  let fake: FakeClient;
  let editor: ExperimentEditor;

  beforeEach(async () => {
    vi.useFakeTimers();
    fake = createFakeClient({
      'experiments.check': checkUnits,
      'experiments.save': () => ({ id: 'mine/sample' }),
    });
    editor = new ExperimentEditor(fake.client);
    await editor.open(sampleExperiment, null);
  });

  afterEach(() => {
    editor.close();
    vi.useRealTimers();
  });

  const settle = () => vi.advanceTimersByTimeAsync(150);

  it('can be run as it was opened, and counts as unchanged', () => {
    expect(editor.runnable).toEqual(sampleExperiment);
    expect(editor.changed).toBe(false);
  });

  it('checks once after the last of several changes', async () => {
    const before = fake.calls.length;
    for (const units of [1, 12, 128]) editor.set('model.layers.0.units', units);
    expect(editor.runnable).toBeNull();
    await settle();
    expect(fake.calls.length - before).toBe(1);
    expect(editor.runnable).not.toBeNull();
  });

  it('puts a fault beside its field, keeps the last model in sight, and cannot be run', async () => {
    editor.set('model.layers.0.units', 0);
    await settle();
    expect(editor.issuesAt('model.layers.0.units')).toEqual(['found 0, expected at least 1']);
    expect(editor.issuesAt('model.layers.0')).toEqual([]);
    expect(editor.issuesAt('model.layers.0', true)).toHaveLength(1);
    expect(editor.check?.model).toEqual(sampleModel);
    expect(editor.runnable).toBeNull();
  });

  it('edits from the text, and keeps the draft while the text does not parse', async () => {
    editor.setText('{ "name": "From text"');
    expect(editor.textFault).not.toBeNull();
    expect(editor.valueAt('name')).toBe('Sample');
    expect(editor.runnable).toBeNull();
    editor.setText('{ "name": "From text" }');
    expect(editor.textFault).toBeNull();
    expect(editor.valueAt('name')).toBe('From text');
  });

  it('writes the text anew from the form', () => {
    editor.set('name', 'From form');
    expect(JSON.parse(editor.text)).toMatchObject({ name: 'From form' });
  });

  it('shows a default that the draft leaves out', () => {
    editor.setText('{}');
    expect(editor.valueAt('evaluation.batchSize')).toBe(512);
  });

  it('moves, copies and removes layers', () => {
    const units = () => editor.layers.map((layer) => getAt(layer, 'units'));
    expect(editor.moveLayer(0, 1)).toBe(1);
    expect(units()).toEqual([10, 8]);
    expect(editor.moveLayer(1, 1)).toBe(1);
    editor.set('model.layers.0.name', 'first');
    editor.duplicateLayer(0);
    expect(units()).toEqual([10, 10, 8]);
    expect(getAt(editor.layers[1], 'name')).toBeUndefined();
    editor.removeLayer(0);
    expect(units()).toEqual([10, 8]);
  });

  it('drops the answer to an older draft', async () => {
    editor.set('model.layers.0.units', 0);
    await vi.advanceTimersByTimeAsync(149);
    editor.set('model.layers.0.units', 4);
    await settle();
    expect(editor.check?.issues).toEqual([]);
  });

  it('saves under an id of its own and saves there again', async () => {
    editor.set('name', 'Changed');
    await settle();
    expect(await editor.save()).toBe('mine/sample');
    expect(editor.changed).toBe(false);
    await editor.save();
    expect(fake.calls.at(-1)?.params).toMatchObject({ id: 'mine/sample' });
  });
});
