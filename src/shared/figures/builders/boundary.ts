import type { SingleFigure } from '../../schema/figure.ts';
import type { ModelField } from '../../schema/results.ts';
import { axis } from './axis.ts';
import type { Caption } from './classification.ts';

type PlaneFigure = Extract<SingleFigure, { kind: 'plane' }>;

/** A decision boundary, or for a regression the levels of what is predicted, under the data's points. */
export function boundaryFigure(
  field: Extract<ModelField, { kind: 'plane' }>,
  classes: readonly string[],
  points: PlaneFigure['points'],
  { title, runIds }: Caption,
): PlaneFigure {
  const { x, y, side, channels, values } = field;
  return {
    kind: 'plane',
    title,
    runIds: [...runIds],
    x: axis(x.name, { minimum: x.minimum, maximum: x.maximum }),
    y: axis(y.name, { minimum: y.minimum, maximum: y.maximum }),
    side,
    channels,
    values,
    classes: [...classes],
    points: [...points],
  };
}
