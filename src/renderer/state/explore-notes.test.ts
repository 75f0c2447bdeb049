import { beforeEach, describe, expect, it } from 'vitest';
import type { ExampleNote } from '../../shared/schema/explore.ts';
import { ExampleNotes } from './explore-notes.svelte.ts';
import { ExampleSpace } from './explore-space.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';

type Annotated = Pick<ExampleNote, 'part' | 'row'> & { note: Pick<ExampleNote, 'kind' | 'text'> | null };

/** A studio that keeps notes in a list. */
function keepingClient(kept: ExampleNote[]): FakeClient {
  const answer = () => ({ dataset: 'mnist', notes: [...kept] });
  return createFakeClient({
    'explore.notes': answer,
    'explore.annotate': ({ part, row, note }: Annotated) => {
      const at = kept.findIndex((one) => one.part === part && one.row === row);
      if (at >= 0) kept.splice(at, 1);
      if (note !== null) kept.push({ part, row, ...note });
      return answer();
    },
  });
}

describe('notes', () => {
  let kept: ExampleNote[];
  let notes: ExampleNotes;

  beforeEach(async () => {
    kept = [{ part: 'test', row: 1, kind: 'other', text: 'before' }];
    notes = new ExampleNotes(keepingClient(kept).client, 'mnist', new ExampleSpace(10, 5));
    await notes.load();
  });

  it('are found by the number of their example', async () => {
    expect(notes.byIndex.get(11)?.text).toBe('before');
    await notes.set([2], { kind: 'outlier', text: '' });
    expect(kept.at(-1)).toEqual({ part: 'train', row: 2, kind: 'outlier', text: '' });
    expect(notes.byIndex.get(2)?.kind).toBe('outlier');
  });

  it('of several examples are one step, which is taken back as one', async () => {
    await notes.set([11, 3], { kind: 'label', text: 'a seven' });
    expect(kept.map((note) => note.kind)).toEqual(['label', 'label']);
    await notes.undo();
    expect(kept).toEqual([{ part: 'test', row: 1, kind: 'other', text: 'before' }]);
    expect(notes.canUndo).toBe(false);
    await notes.undo();
    expect(kept).toHaveLength(1);
  });

  it('taken away come back', async () => {
    await notes.set([11], null);
    expect(notes.byIndex.size).toBe(0);
    await notes.undo();
    expect(notes.byIndex.get(11)?.text).toBe('before');
  });

  it('that could not be stored are no step', async () => {
    const broken = createFakeClient({ 'explore.notes': () => ({ dataset: 'mnist', notes: kept }) });
    const other = new ExampleNotes(broken.client, 'mnist', new ExampleSpace(10, 5));
    await expect(other.set([1], { kind: 'label', text: '' })).rejects.toThrow();
    expect(other.canUndo).toBe(false);
  });
});
