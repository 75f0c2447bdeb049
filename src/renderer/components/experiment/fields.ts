import { metricName } from '../../../shared/schema/training.ts';
import type { Json } from '../../text/json-path.ts';

/** How a value is written and read in the form. */
export type FieldKind =
  | { readonly kind: 'number'; readonly nullable?: boolean; readonly nullLabel?: string }
  | { readonly kind: 'text'; readonly rows?: number }
  /** `noneLabel` offers to leave the value out. */
  | { readonly kind: 'choice'; readonly options: readonly string[]; readonly noneLabel?: string }
  /**
   * An object with a `kind`; choosing another one puts that one's template in its place. `noneLabel` offers null.
   */
  | {
      readonly kind: 'variant';
      readonly templates: Readonly<Record<string, Json>>;
      readonly noneLabel?: string;
    }
  | { readonly kind: 'flag' }
  /** One number for both sides, or height and width. */
  | { readonly kind: 'sides' }
  /** Numbers in a row, with commas between them. */
  | { readonly kind: 'numbers' }
  /** Names of layers that stand before the one the field belongs to. */
  | { readonly kind: 'layers' };

/** One field of the form: where its value lies, relative to its section, and how it is edited. */
export interface Field {
  readonly path: string;
  readonly label: string;
  /** What the number counts, e.g. "epochs". */
  readonly unit?: string;
  readonly hint?: string;
  /** Columns of the form it takes, for what needs more room than a number; all of them with `Infinity`. */
  readonly columns?: number;
  readonly input: FieldKind;
}

type Options = Pick<Field, 'hint' | 'unit' | 'columns'>;

/** A number; with a `nullLabel` it may be left empty, which the label explains. */
export function number(path: string, label: string, options: Options & { nullLabel?: string } = {}): Field {
  const { nullLabel, ...more } = options;
  return { path, label, ...more, input: { kind: 'number', nullable: nullLabel !== undefined, nullLabel } };
}

export function choice(path: string, label: string, options: readonly string[], more: Options = {}): Field {
  return { path, label, input: { kind: 'choice', options }, ...more };
}

export function flag(path: string, label: string, more: Options = {}): Field {
  return { path, label, input: { kind: 'flag' }, ...more };
}

export function sides(path: string, label: string, more: Options = {}): Field {
  return { path, label, input: { kind: 'sides' }, ...more };
}

export function variant(
  path: string,
  label: string,
  templates: Readonly<Record<string, Json>>,
  more: Options & { noneLabel?: string } = {},
): Field {
  const { noneLabel, ...rest } = more;
  return { path, label, ...rest, input: { kind: 'variant', templates, noneLabel } };
}

/** Puts a section's path before its fields' own. */
export function under(prefix: string, fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, path: `${prefix}.${field.path}` }));
}

/** What an object with a `kind` shows for each kind: how it begins, and its own fields. */
export interface KindForm {
  readonly label: string;
  readonly template: Json;
  readonly fields: readonly Field[];
}

/** The form of a kind, or null for one the form does not know. */
export function formOfKind(forms: Readonly<Record<string, KindForm>>, kind: unknown): KindForm | null {
  return typeof kind === 'string' && Object.hasOwn(forms, kind) ? (forms[kind] ?? null) : null;
}

/** The templates of forms, for a field of the kind `variant`. */
export function templatesOf(forms: Readonly<Record<string, KindForm>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(forms).map(([kind, form]) => [kind, form.template]));
}

export const EXPERIMENT_FIELDS: readonly Field[] = [
  { path: 'name', label: 'Name', columns: Infinity, input: { kind: 'text' } },
  { path: 'description', label: 'Description', columns: Infinity, input: { kind: 'text', rows: 2 } },
  number('repeats', 'Repeats', { hint: 'so many seeds, counted on from the first' }),
];

export const EVALUATION_FIELDS: readonly Field[] = under('evaluation', [
  number('everyEpochs', 'Every n epochs', { hint: '0: only after the last' }),
  number('batchSize', 'Batch size', { hint: 'examples' }),
  flag('testEveryEpoch', 'Measure the test split every time, not only at the end'),
]);

/** What can be measured besides the loss. */
export const MEASURES = metricName.options.filter((metric) => metric !== 'loss');
