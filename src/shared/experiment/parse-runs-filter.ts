import type { RunCondition, RunFieldValue } from '../schema/run-query.ts';
import { runState } from '../schema/run-state.ts';
import { resolveField } from './filter-fields.ts';
import { isNamedRunField, RUN_FIELDS, type RunFieldKind } from './run-fields.ts';

/** A part of what was typed that makes no condition; `from` and `to` are places in the text. */
export interface FilterFault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** What was typed, for `runs.list`: the conditions, the words left over, and what was not understood. */
export interface RunsFilterParse {
  readonly text: string;
  readonly conditions: RunCondition[];
  readonly faults: FilterFault[];
}

type Operator = RunCondition['operator'];

/** Quoted or bare; a bare one ends where a comparison, a comma or a space begins. */
const WORD = String.raw`"[^"]*"?|[^\s"<>=!~:,]+`;
const VALUE = String.raw`"[^"]*"?|[^\s",]+`;
const TERM = new RegExp(
  String.raw`(?<word>${WORD})(?:\s*(?<operator><=|>=|!=|[<>=~:])\s*(?<values>(?:${VALUE})(?:,(?:${VALUE}))*)?)?|\S`,
  'gu',
);

/**
 * Reads a typed filter such as `acc > .9 optimizer:adam,sgd time<5m "two words"`. Words without a comparison are
 * searched for. Never throws: what is not understood comes back as a fault with its place and the way out.
 */
export function parseRunsFilter(typed: string): RunsFilterParse {
  const words: string[] = [];
  const conditions: RunCondition[] = [];
  const faults: FilterFault[] = [];
  for (const match of typed.matchAll(TERM)) {
    const { word, operator, values } = match.groups ?? {};
    const fault = (message: string): void => {
      faults.push({ from: match.index, to: match.index + match[0].length, message });
    };
    if (word === undefined) {
      fault(`"${match[0]}" stands alone: write a field before it, such as acc > .9`);
    } else if (operator === undefined) {
      words.push(unquote(word));
    } else {
      const made = readCondition(word, operator, values);
      if (typeof made === 'string') fault(made);
      else conditions.push(made);
    }
  }
  return { text: words.join(' '), conditions, faults };
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.replace(/^"|"$/g, '') : word;
}

/** The condition, or what is wrong with it. */
function readCondition(word: string, typed: string, values: string | undefined): RunCondition | string {
  const field = resolveField(word);
  if (field === null) {
    return `"${word}" is no field of a run: write one such as acc, loss, optimizer, lr, state, tag or training.batchSize; to search for the text, put it in quotes`;
  }
  if (values === undefined) return `${word} ${typed} lacks a value, such as ${example(field)}`;
  const kind = kindOf(field);
  const texts = [...values.matchAll(new RegExp(VALUE, 'gu'))].map(([text]) => text);
  const read = texts.map((text) => readValue(field, kind, text));
  const fault = read.find((one) => 'fault' in one);
  if (fault !== undefined) return `${word}: ${fault.fault}`;
  const operator = operatorOf(typed, texts.includes('none') ? 'setting' : kind);
  if (read.length > 1 && '<>'.includes(operator[0]!))
    return `${word} ${typed} takes one value, not ${read.length}`;
  return { field, operator, values: read.flatMap((one) => ('value' in one ? [one.value] : [])) };
}

function kindOf(field: string): RunFieldKind | 'setting' {
  return isNamedRunField(field) ? RUN_FIELDS[field] : 'setting';
}

function example(field: string): string {
  if (field === 'durationMs') return '90s or 5m';
  return kindOf(field) === 'number' ? '0.9' : kindOf(field) === 'time' ? '2026-01-31' : 'a word';
}

/** A colon asks for the same, and in names, notes and times for a part. */
function operatorOf(typed: string, kind: RunFieldKind | 'setting'): Operator {
  const partly = kind === 'words' || kind === 'time';
  if (typed === ':') return partly ? '~' : '=';
  return typed === '=' && kind === 'time' ? '~' : (typed as Operator);
}

type ReadValue = { readonly value: RunFieldValue } | { readonly fault: string };

function readValue(field: string, kind: RunFieldKind | 'setting', typed: string): ReadValue {
  const text = unquote(typed);
  if (text.toLowerCase() === 'none' && text === typed) return { value: null };
  if (kind === 'number') return readNumber(field, text);
  if (field === 'state' && !runState.options.some((state) => state === text.toLowerCase())) {
    return { fault: `"${text}" is no state; write ${runState.options.join(', ')}` };
  }
  return { value: kind === 'setting' && text === typed ? readSetting(text) : text };
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function readNumber(field: string, text: string): ReadValue {
  const [, digits = '', unit = ''] =
    /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%|ms|s|m|h)?$/i.exec(text) ?? [];
  const isTime = field === 'durationMs';
  if (digits === '' || (unit !== '' && (unit === '%') === isTime)) {
    return { fault: `"${text}" is no number; write one such as ${example(field)}` };
  }
  if (isTime) return { value: Number(digits) * MS_PER_UNIT[unit.toLowerCase() || 's']! };
  return { value: unit === '%' ? Number(digits) / 100 : Number(digits) };
}

function readSetting(text: string): RunFieldValue {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = readNumber('', text);
  return 'value' in number ? number.value : text;
}
