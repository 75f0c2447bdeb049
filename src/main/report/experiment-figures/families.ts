import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import type { Subject } from './subject.ts';

/** Variants that change the same settings, e.g. the learning rates of a sweep. */
export interface VariantFamily {
  /** Part of a file's name; empty for all variants together. */
  readonly name: string;
  readonly title: string;
  readonly variants: readonly VariantResults[];
}

/** Above so many variants, those that change the same settings are drawn apart where that leaves a few large groups. */
const APART_ABOVE = 8;

/** The variants in the groups that they are compared in; those that change nothing stand in every group. */
export function variantFamilies({ experiment, variants }: Subject): VariantFamily[] {
  const whole = [{ name: '', title: '', variants }];
  if (variants.length <= APART_ABOVE) return whole;
  const byPaths = new Map<string, VariantResults[]>();
  for (const results of variants) {
    const key = changedPaths(experiment, results.variant).join(' + ');
    byPaths.set(key, [...(byPaths.get(key) ?? []), results]);
  }
  const plain = byPaths.get('') ?? [];
  byPaths.delete('');
  const groups = [...byPaths];
  if (groups.length < 2 || groups.some(([, members]) => members.length < 2)) return whole;
  return groups.map(([key, members]) => ({ ...named(key), variants: [...plain, ...members] }));
}

function changedPaths({ variants }: Experiment, id: string | null): string[] {
  return Object.keys(variants.find((variant) => variant.id === id)?.set ?? {}).sort();
}

function named(key: string): { name: string; title: string } {
  const words = key
    .split(' + ')
    .map((path) =>
      (path.split('.').at(-1) ?? path).replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`),
    );
  return { name: words.join('-').replaceAll(' ', '-'), title: words.join(' and ') };
}
