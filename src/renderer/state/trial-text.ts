import type { ObjectiveSpec, SearchParameter } from '../../shared/schema/search.ts';
import type { TrialState, TrialSummary } from '../../shared/schema/study.ts';
import { plainTick } from '../charts/chart.ts';
import { valueText } from '../components/experiment/variant-text.ts';
import { formatMetric, formatSpread, NOT_MEASURED } from '../text/format.ts';

/** Of a parameter that does not count at a point. */
const NOT_THERE = '–';

/** In the order they are sorted in. */
export const TRIAL_STATES: readonly TrialState[] = ['finished', 'pruned', 'running', 'waiting', 'failed'];

/**
 * The words of a choice's values, as short as tells them apart: objects of different kinds by their kinds alone, what
 * reads the same by its place too.
 */
export function choiceTexts(values: readonly unknown[]): string[] {
  const kinds = values.map(kindOf);
  const isTold = kinds.every((kind) => kind !== null) && new Set(kinds).size === values.length;
  const texts = values.map((value, index) => (isTold ? kinds[index]! : valueText(value)));
  return texts.map((text, index) => (texts.indexOf(text) === index ? text : `${text} (${index + 1})`));
}

function kindOf(value: unknown): string | null {
  const isKind = typeof value === 'object' && value !== null && 'kind' in value;
  return isKind && typeof value.kind === 'string' ? value.kind : null;
}

/** Writes the values of a parameter, numbers with the digits that tell them from their neighbours. */
export function pointTexts(parameter: SearchParameter): (value: unknown) => string {
  if (parameter.kind !== 'choice')
    return (value) => (typeof value === 'number' ? plainTick(value) : NOT_THERE);
  const texts = choiceTexts(parameter.values);
  const byKey = new Map(parameter.values.map((value, index) => [JSON.stringify(value), texts[index]!]));
  return (value) =>
    value === undefined ? NOT_THERE : (byKey.get(JSON.stringify(value)) ?? valueText(value));
}

/** An objective of a trial, with the standard error of the first one's mean. */
export function objectiveText(trial: TrialSummary, objective: number, { metric }: ObjectiveSpec): string {
  const value = trial.values[objective] ?? null;
  return objective === 0 ? formatSpread(metric, value, trial.standardError) : formatMetric(metric, value);
}

/** Why a trial has no value. */
export function missingReason(trial: TrialSummary): string {
  switch (trial.state) {
    case 'waiting':
      return 'It has not begun';
    case 'running':
      return `${trial.netsDone} of ${trial.netsPlanned} nets have ended`;
    case 'pruned':
      return 'It was ended early, because it would not have won';
    case 'failed':
      return trial.failure?.message ?? 'It failed';
    case 'finished':
      return 'Its value was not finite';
  }
}

/** A trial in a line, e.g. "Trial 12: 0.2384 ± 0.0041". */
export function trialLine(trial: TrialSummary, objectives: readonly ObjectiveSpec[]): string {
  const texts = objectives.map((objective, index) => objectiveText(trial, index, objective));
  const said = texts.filter((text) => text !== NOT_MEASURED);
  return `Trial ${trial.number}: ${said.length === 0 ? trial.state : said.join(', ')}`;
}
