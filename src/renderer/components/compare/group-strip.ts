import type { RunGroup } from '../../../shared/schema/comparison.ts';

/** The stretch that holds every value and interval of the groups; null where nothing is measured. */
export function groupsExtent(groups: readonly RunGroup[]): readonly [number, number] | null {
  const numbers = groups.flatMap(({ values, interval }) => [
    ...values.filter((value) => value !== null),
    ...(interval ?? []),
  ]);
  return numbers.length === 0 ? null : [Math.min(...numbers), Math.max(...numbers)];
}
