import type { ObjectiveSpec, SearchSpec } from '../../shared/schema/search.ts';
import { metricLabel } from '../text/format.ts';
import { numberAxis, type ParallelAxis } from './compare-axes.ts';
import type { StudyColumns } from './study-columns.ts';

/** The axis of a parameter by its name. */
export const parameterAxisId = (name: string): string => `parameter/${name}`;
/** The axis of an objective: 0 for the first, 1 for the second. */
export const objectiveAxisId = (objective: number): string => `objective/${objective}`;

/** What a study makes good, one or two numbers. */
export function objectivesOf(search: SearchSpec): readonly ObjectiveSpec[] {
  return search.secondObjective === null ? [search.objective] : [search.objective, search.secondObjective];
}

/** An objective's name, e.g. "dev loss" or "best dev accuracy". */
export function objectiveTitle({ metric, at }: ObjectiveSpec): string {
  return `${at === 'best' ? 'best ' : ''}dev ${metricLabel(metric).toLowerCase()}`;
}

/** Every axis of a study's trials: its parameters in the order of the space, then what it makes good. */
export function studyAxes(search: SearchSpec, columns: StudyColumns): ParallelAxis[] {
  const parameters = columns.scales.map((scale, index): ParallelAxis => ({
    id: parameterAxisId(scale.parameter.name),
    kind: 'setting',
    title: scale.parameter.name,
    metric: null,
    categories: scale.categories,
    logarithmic: scale.logarithmic,
    span: scale.span,
    shares: columns.shares(index),
  }));
  const objectives = objectivesOf(search).map((objective, index): ParallelAxis => ({
    id: objectiveAxisId(index),
    kind: 'metric',
    title: objectiveTitle(objective),
    metric: `dev/${objective.metric}`,
    ...numberAxis(columns.values(index)),
  }));
  return [...parameters, ...objectives];
}
