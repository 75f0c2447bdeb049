import { describe, expect, it } from 'vitest';
import { getAt, normalisePath, setAt } from './json-path.ts';

const root = { name: 'a', model: { layers: [{ units: 1 }, { units: 2 }] } };

describe('json paths', () => {
  it('reads both spellings', () => {
    expect(getAt(root, 'model.layers[1].units')).toBe(2);
    expect(getAt(root, 'model.layers.1.units')).toBe(2);
    expect(normalisePath('model.layers[1].units')).toBe('model.layers.1.units');
  });

  it('leads nowhere without throwing', () => {
    expect(getAt(root, 'model.layers.7.units')).toBeUndefined();
    expect(getAt(root, 'name.length.x')).toBeUndefined();
    expect(getAt(null, 'a')).toBeUndefined();
  });

  it('sets without touching the original and shares the rest', () => {
    const changed = setAt(root, 'model.layers.0.units', 9) as typeof root;
    expect(changed.model.layers[0]).toEqual({ units: 9 });
    expect(root.model.layers[0]).toEqual({ units: 1 });
    expect(changed.model.layers[1]).toBe(root.model.layers[1]);
  });

  it('makes what is missing on the way, takes a key away, replaces the root', () => {
    expect(setAt({}, 'a.b', 1)).toEqual({ a: { b: 1 } });
    expect(setAt({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(setAt({ a: 1 }, '', 5)).toBe(5);
  });
});
