import { describe, expect, it } from 'vitest';
import { splitAddress } from './token.ts';

describe('splitAddress', () => {
  it('takes the token out and goes on to the gallery', () => {
    expect(splitAddress('#token=a1b2')).toEqual({ token: 'a1b2', hash: '#/gallery' });
  });

  it('keeps the address asked for', () => {
    expect(splitAddress('#token=a1b2&route=/run/abc')).toEqual({ token: 'a1b2', hash: '#/run/abc' });
  });

  it('leaves a plain route alone', () => {
    expect(splitAddress('#/runs')).toEqual({ token: null, hash: '#/runs' });
    expect(splitAddress('')).toEqual({ token: null, hash: '' });
  });

  it('takes an empty token for none', () => {
    expect(splitAddress('#token=').token).toBeNull();
  });
});
