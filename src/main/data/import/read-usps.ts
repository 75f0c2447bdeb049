import { basename } from 'node:path';
import { classTarget, digitClasses } from '../describe-dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import { readUspsFile } from '../readers/index.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';

/**
 * Digits with their grey values from [-1, 1] brought to [0, 1]. They stay float32: the files have 4,003 different values,
 * so that 8 bits would lose most of them.
 */
async function readPart(path: string): Promise<ReadPart> {
  const name = basename(path);
  const { shape, values, labels } = await readUspsFile(path);
  return { name, features: { shape, values: values.map((value) => (value + 1) / 2) }, target: labels };
}

/**
 * Reads USPS digits: features float32 [examples, 16, 16, 1] in [0, 1], 0 the paper and 1 the ink.
 * @throws StudioError `not-found`, `data-damaged`, `invalid-input` over a limit
 */
export async function readUsps(train: string, test: string | null): Promise<ExamplesContent> {
  const target = classTarget('digit', digitClasses);
  return examplesContent(target, await readPart(train), test === null ? null : await readPart(test));
}
