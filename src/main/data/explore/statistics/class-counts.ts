import { splitParts, type ExploredDataset, type PartRows } from '../explored-dataset.ts';

function countLabels({ set, rows }: PartRows, classCount: number): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(classCount);
  const labels = set.targets[0]!;
  for (const row of rows) counts[labels[row]!]!++;
  return counts;
}

/** Examples of each class of the main target in train, dev and test; empty where it is a number. */
export function classCounts(explored: ExploredDataset): Int32Array<ArrayBuffer>[] {
  const { classes } = explored.dataset.info;
  if (classes.length === 0) return [];
  return splitParts(explored).map((part) => countLabels(part, classes.length));
}
