import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.ts';

const routes: Route[] = [
  { name: 'gallery' },
  { name: 'data', id: null },
  { name: 'data', id: 'fashion-mnist' },
  { name: 'runs' },
  { name: 'settings' },
  { name: 'experiment', id: 'mnist-mlp' },
  { name: 'experiment', id: 'mine/wide & deep' },
  { name: 'run', runId: '01abc' },
  { name: 'studies' },
  { name: 'study', studyId: 's01hzxk4q9d' },
  { name: 'compare', runIds: [] },
  { name: 'compare', runIds: ['01abc', '02def', '03ghi'] },
  { name: 'side-by-side', runIds: ['01abc', '02def'] },
  { name: 'pad', runIds: ['01abc'] },
  { name: 'report', id: null },
  { name: 'report', id: 'mine/wide & deep' },
  { name: 'run-experiment', runId: '01abc' },
];

describe('routes', () => {
  it.each(routes)('come back from their address: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/run/', '#/experiment', '#/side-by-side/01abc'])(
    '"%s" leads to the gallery',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ name: 'gallery' });
    },
  );

  it('takes an id with an unescaped slash or a broken escape', () => {
    expect(parseRoute('#/experiment/mine/wide')).toEqual({ name: 'experiment', id: 'mine/wide' });
    expect(parseRoute('#/experiment/50%')).toEqual({ name: 'experiment', id: '50%' });
  });
});
