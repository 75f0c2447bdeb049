import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { LayerOf } from '../model/layers/definition.ts';
import { boxesAt } from './unit-walk-linear.ts';
import { extentOf, onlyInput, valueAt, type LayerView, type UnitPlace } from './unit-walk-view.ts';
import type { Box } from './receptive-box.ts';

type Pool = LayerOf<'max-pool2d' | 'average-pool2d' | 'global-average-pool2d' | 'global-max-pool2d'>;

/** One channel's numbers under a window, row by row; NaN outside of the map. */
function patchUnder(view: LayerView, window: Box, unit: number): Float32Array<ArrayBuffer> {
  const input = onlyInput(view);
  const [height, width] = extentOf(input.shape);
  const columns = window.right - window.left;
  return Float32Array.from({ length: (window.bottom - window.top) * columns }, (_, i) => {
    const row = window.top + Math.floor(i / columns);
    const column = window.left + (i % columns);
    const inside = row >= 0 && column >= 0 && row < height && column < width;
    return inside ? valueAt(input, { unit, row, column }) : NaN;
  });
}

function modeOf({ kind }: Pool): 'max' | 'average' {
  return kind === 'max-pool2d' || kind === 'global-max-pool2d' ? 'max' : 'average';
}

/** A pooling window: what lies under it, and its largest value or mean. Padding does not count. */
export function walkPool(spec: Pool, view: LayerView, place: UnitPlace): UnitWalk[] {
  const mode = modeOf(spec);
  const { window, box } = boxesAt(view, place);
  const patch = patchUnder(view, window, place.unit);
  const counted = Float64Array.from(patch).filter((value) => !Number.isNaN(value));
  const result =
    mode === 'max'
      ? counted.reduce((a, b) => Math.max(a, b), -Infinity)
      : counted.reduce((a, b) => a + b, 0) / counted.length;
  return [
    {
      kind: 'pool',
      layer: view.layer.name,
      from: onlyInput(view).from,
      mode,
      shape: [window.bottom - window.top, window.right - window.left],
      patch,
      result,
      window,
      box,
    },
  ];
}
