import { StudioError } from '../../shared/ipc/errors.ts';
import type { PlannedLayer } from '../model/index.ts';

/** @throws StudioError `not-found` where the layer has no unit of that number */
export function requireUnit({ name, outputShape }: PlannedLayer, unit: number): void {
  const units = outputShape.at(-1) ?? 1;
  if (unit < units) return;
  throw new StudioError(
    'not-found',
    `inspect: layer '${name}' has no unit ${unit}, it has ${units}; take one from 0 to ${units - 1}`,
    { layer: name, unit, units },
  );
}
