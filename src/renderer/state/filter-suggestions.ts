import { FIELD_ALIASES } from '../../shared/experiment/filter-fields.ts';
import { RUN_FIELDS } from '../../shared/experiment/run-fields.ts';
import { runState } from '../../shared/schema/run.ts';
import { fieldLabel, settingPaths } from './runs-columns.ts';

/** A way to go on typing. */
export interface FilterSuggestion {
  /** What replaces the text between two places. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  /** What it means. */
  readonly hint: string;
}

const MOST = 8;

/** Words of fields whose values are known, and these values. */
export interface KnownValues {
  readonly tags: readonly string[];
  readonly datasets: readonly string[];
}

const OPTIMIZERS = ['sgd', 'adam', 'adamw', 'rmsprop'];

function valuesOf(field: string, known: KnownValues): readonly string[] {
  const resolved = Object.hasOwn(FIELD_ALIASES, field.toLowerCase())
    ? FIELD_ALIASES[field.toLowerCase()]!
    : field;
  if (resolved === 'state') return runState.options;
  if (resolved === 'training.optimizer.kind') return OPTIMIZERS;
  if (resolved === 'tags') return known.tags;
  return resolved === 'dataset' ? known.datasets : [];
}

/** Suggested when one types a field's name: short names first. */
const FIELDS: readonly { readonly word: string; readonly hint: string }[] = [
  ...['accuracy', 'loss', 'error'].map((word) => ({ word, hint: `best known ${word}` })),
  ...Object.entries(FIELD_ALIASES).map(([word, field]) => ({ word, hint: fieldLabel(field) })),
  ...Object.keys(RUN_FIELDS).map((word) => ({ word, hint: fieldLabel(word) })),
  ...settingPaths().map((word) => ({ word, hint: '' })),
];

/** What could be typed on at the caret: a field's name, or a value of a field whose values are known. */
export function suggestFilter(text: string, caret: number, known: KnownValues): FilterSuggestion[] {
  const before = text.slice(0, caret);
  const [, field, , typedValue] = /([A-Za-z][\w.]*)\s*(:|!=|=)\s*([^\s,"]*)$/.exec(before) ?? [];
  if (field !== undefined && typedValue !== undefined) {
    const from = caret - typedValue.length;
    return valuesOf(field, known)
      .filter((value) => value.toLowerCase().startsWith(typedValue.toLowerCase()) && value !== typedValue)
      .slice(0, MOST)
      .map((value) => ({ insert: quoted(value), from, to: caret, hint: '' }));
  }
  const word = /(?:^|\s)([A-Za-z][\w.]*)$/.exec(before)?.[1];
  if (word === undefined) return [];
  return fieldsLike(word).map(({ word: name, hint }) => ({
    insert: isText(name) ? `${name}:` : `${name} > `,
    from: caret - word.length,
    to: caret,
    hint,
  }));
}

function quoted(value: string): string {
  return /[\s,"]/.test(value) ? `"${value.replaceAll('"', '')}" ` : `${value} `;
}

function fieldsLike(word: string): typeof FIELDS {
  const folded = word.toLowerCase();
  const starting = FIELDS.filter((field) => field.word.toLowerCase().startsWith(folded));
  const within = FIELDS.filter(
    (field) => !starting.includes(field) && folded.length > 2 && field.word.toLowerCase().includes(folded),
  );
  const seen = new Set<string>();
  return [...starting, ...within]
    .filter((field) => !seen.has(field.word) && seen.add(field.word))
    .slice(0, MOST);
}

/** Do values of the field come as words? Settings come as either, more often as numbers. */
function isText(word: string): boolean {
  const field = FIELD_ALIASES[word] ?? word;
  if (Object.hasOwn(RUN_FIELDS, field)) return RUN_FIELDS[field as keyof typeof RUN_FIELDS] !== 'number';
  return /kind$|loss$/.test(field);
}
