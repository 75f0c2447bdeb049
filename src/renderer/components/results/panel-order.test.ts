import { describe, expect, it } from 'vitest';
import { arrangeIds, mergeOrder, moveId } from './panel-order.ts';

describe('the order of panels', () => {
  it('is the natural one until the user changes it', () => {
    expect(arrangeIds(['loss', 'confusion', 'log'], [])).toEqual(['loss', 'confusion', 'log']);
  });

  it('is the user’s, a panel it does not know right after the one it follows', () => {
    expect(arrangeIds(['loss', 'accuracy', 'confusion', 'log'], ['log', 'loss', 'confusion'])).toEqual([
      'log',
      'loss',
      'accuracy',
      'confusion',
    ]);
    expect(arrangeIds(['new', 'loss', 'log'], ['log', 'loss'])).toEqual(['new', 'log', 'loss']);
  });

  it('leaves out panels that the page lacks', () => {
    expect(arrangeIds(['loss'], ['field', 'loss'])).toEqual(['loss']);
  });

  it('moves one and never beyond the ends', () => {
    expect(moveId(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moveId(['a', 'b', 'c'], 'c', -4)).toEqual(['c', 'a', 'b']);
    expect(moveId(['a', 'b', 'c'], 'a', 9)).toEqual(['b', 'c', 'a']);
  });

  it('remembers the places of panels of other pages', () => {
    const stored = ['loss', 'field', 'confusion', 'log'];
    const merged = mergeOrder(['log', 'loss', 'confusion'], stored);
    expect(merged).toEqual(['log', 'loss', 'field', 'confusion']);
    expect(arrangeIds(['loss', 'field', 'log'], merged)).toEqual(['log', 'loss', 'field']);
  });
});
