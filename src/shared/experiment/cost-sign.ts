import type { ObjectiveSpec } from '../schema/search.ts';

/** 1 where less is better and -1 where more is: of values times it less is always better. */
export function costSign(direction: ObjectiveSpec['direction']): 1 | -1 {
  return direction === 'minimise' ? 1 : -1;
}
