import { describe, expect, it } from 'vitest';
import { runState } from '../../shared/schema/run.ts';
import { actionForKey, actionsFor } from './run-actions.ts';

describe('what may be asked of a run', () => {
  it('offers to pause and cancel what trains, to resume what crashed, nothing once it is over', () => {
    expect(actionsFor('running')).toEqual(['pause', 'cancel']);
    expect(actionsFor('crashed')).toEqual(['resume']);
    expect(actionsFor('finished')).toEqual([]);
  });

  it('has one key to pause and resume', () => {
    expect(actionForKey('p', 'running')).toBe('pause');
    expect(actionForKey('P', 'paused')).toBe('resume');
    expect(actionForKey('p', 'crashed')).toBe('resume');
    expect(actionForKey('c', 'queued')).toBe('cancel');
  });

  it.each(runState.options)('has no key for an action that %s forbids', (state) => {
    for (const key of ['p', 'c', 'x', '']) {
      const action = actionForKey(key, state);
      if (action !== null) expect(actionsFor(state)).toContain(action);
    }
    expect(actionForKey('x', state)).toBeNull();
  });
});
