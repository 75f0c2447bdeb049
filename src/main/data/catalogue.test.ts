import { describe, expect, it } from 'vitest';
import { datasetInfo as infoSchema } from '../../shared/schema/dataset.ts';
import { datasetInfo, listDatasets } from './catalogue.ts';

describe('the catalogue', () => {
  it('lists every dataset in the form the contract asks for', () => {
    const listed = listDatasets();
    expect(listed.map((info) => info.id)).toEqual(infoSchema.shape.id.options);
    for (const info of listed) expect(infoSchema.parse(info)).toEqual(info);
  });

  it('takes the counts of the generator asked for', () => {
    const generator = { trainExamples: 12, testExamples: 7, noise: 0, seed: 0 };
    expect(datasetInfo({ dataset: 'circles', generator })).toMatchObject({
      trainExamples: 12,
      testExamples: 7,
    });
  });

  it('refuses generator options for a dataset that comes as files', () => {
    const generator = { trainExamples: 12, testExamples: 7, noise: 0, seed: 0 };
    expect(() => datasetInfo({ dataset: 'mnist', generator })).toThrow(/takes no generator options/);
  });
});
