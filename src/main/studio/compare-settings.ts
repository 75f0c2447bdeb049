import { toFieldValue } from '../../shared/experiment/run-fields.ts';
import type { SettingValue } from '../../shared/schema/comparison.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { wordUnlikeLists } from './compare-lists.ts';

/** What only describes an experiment, or says which runs to make of it; such runs compute the same. */
const DESCRIPTIVE: ReadonlySet<string> = new Set([
  'schemaVersion',
  'name',
  'description',
  'group',
  'variants',
  'repeats',
  'search',
  'reference',
]);

export type Settings = Readonly<Record<string, SettingValue>>;

/** The store gives the runs of an experiment one object, again and again; comparing them walks through it once. */
const flattened = new WeakMap<Experiment, Settings>();

/** Every field that a run computes with, by path; a list of plain values is one field, as its JSON text. */
export function flattenSettings(experiment: Experiment): Settings {
  const known = flattened.get(experiment);
  if (known !== undefined) return known;
  const computed = Object.entries(experiment).filter(([key]) => !DESCRIPTIVE.has(key));
  const settings = Object.fromEntries(computed.flatMap(([key, value]) => leaves(key, value)));
  flattened.set(experiment, settings);
  return settings;
}

function leaves(path: string, value: unknown): [string, SettingValue][] {
  const parts = isBranch(value) ? Object.entries(value) : [];
  if (parts.length === 0) return [[path, toFieldValue(value)]];
  return parts.flatMap(([key, part]) => leaves(`${path}.${key}`, part));
}

function isBranch(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null);
}

/** All paths of several settings, each new one behind the path it follows in its own. */
function mergePaths(all: Iterable<Settings>): string[] {
  const merged: string[] = [];
  const known = new Set<string>();
  for (const settings of all) {
    let previous: string | null = null;
    for (const path of Object.keys(settings)) {
      if (!known.has(path)) {
        merged.splice(previous === null ? 0 : merged.indexOf(previous) + 1, 0, path);
        known.add(path);
      }
      previous = path;
    }
  }
  return merged;
}

/** Paths of the fields that are not the same in all, in the order of the experiment file. */
export function differingFields(all: readonly Settings[]): string[] {
  const distinct = [...new Set(all)];
  return mergePaths(distinct).filter((path) => {
    const values = distinct.map((settings) => settings[path] ?? null);
    return values.some((value) => value !== values[0]);
  });
}

/** These fields of some settings; null where one is not there. */
export function pickSettings(settings: Settings, fields: readonly string[]): Record<string, SettingValue> {
  return Object.fromEntries(fields.map((field) => [field, settings[field] ?? null]));
}

/**
 * The settings of each experiment; experiments that are one object give one object. A list that has other kinds of items
 * in some of them, such as layers, is one field in words, for its positions do not answer to each other.
 */
export function settingsOf(experiments: readonly Experiment[]): Settings[] {
  const distinct = [...new Set(experiments)];
  const worded = wordUnlikeLists(distinct);
  const flat = new Map(
    distinct.map((made, i) => {
      const lists = new Map([...worded].map(([path, words]) => [path, words[i] ?? '']));
      return [made, withLists(flattenSettings(made), lists)] as const;
    }),
  );
  return experiments.map((made) => flat.get(made)!);
}

/** The settings with each of these lists as one field, in its place. */
function withLists(settings: Settings, lists: ReadonlyMap<string, string>): Settings {
  const entries = Object.entries(settings).map(([path, value]): [string, SettingValue] => {
    const list = [...lists.keys()].find((key) => path === key || path.startsWith(`${key}.`));
    return list === undefined ? [path, value] : [list, lists.get(list)!];
  });
  return Object.fromEntries(entries);
}
