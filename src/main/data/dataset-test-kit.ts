import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStream } from '../../shared/random/stream.ts';
import type { DatasetContent, TableColumnContent } from './library/dataset-content.ts';
import { storeDataset } from './library/store-dataset.ts';
import type { ExampleSet } from './loaded-dataset.ts';
import { findOfficial, officialUnit } from './official/official-datasets.ts';

/** A folder of its own for a test, and the way to remove it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'datasets-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** How many examples stand-ins have. */
export interface StandInCounts {
  readonly trainExamples: number;
  readonly testExamples: number;
}

type ImageStandIn = 'fashion-mnist' | 'usps' | 'cifar-10';

/** Images whose bright stripe tells their class, under noise, so that a model can learn them. */
function stripedPart(id: ImageStandIn, part: string, exampleCount: number): ExampleSet {
  const [height = 0, width = 0, channels = 0] = findOfficial(id)!.published.featureShape;
  const stream = openStream(1, 'generator', `stand-in/${id}/${part}`);
  const pixels = height * width * channels;
  const bytes = new Uint8Array(exampleCount * pixels);
  const labels = new Int32Array(exampleCount);
  for (let row = 0; row < exampleCount; row++) {
    const label = row % 10;
    labels[row] = label;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const line = Math.floor(pixel / (width * channels));
      const isBright = Math.floor((line * 10) / height) === label;
      bytes[row * pixels + pixel] = stream.nextInteger(100) + (isBright ? 155 : 0);
    }
  }
  const values = id === 'usps' ? Float32Array.from(bytes, (byte) => byte / 255) : bytes;
  return {
    features: { shape: [exampleCount, height, width, channels], values },
    targets: [labels],
    exampleCount,
  };
}

function stripedContent(id: ImageStandIn, counts: StandInCounts): DatasetContent {
  const { featureShape, targets } = findOfficial(id)!.published;
  return {
    kind: 'examples',
    featureShape,
    featureNames: [],
    targets,
    train: stripedPart(id, 'train', counts.trainExamples),
    test: stripedPart(id, 'test', counts.testExamples),
  };
}

/** Houses whose price grows with quality and area; every other column is noise, categories have two values. */
function houseContent(rowCount: number): DatasetContent {
  const stream = openStream(1, 'generator', 'stand-in/ames');
  const draw = (low: number, high: number): Float64Array =>
    Float64Array.from({ length: rowCount }, () => Math.round(low + (high - low) * stream.nextUniform()));
  const quality = draw(1, 10);
  const area = draw(500, 3_000);
  const price = quality.map((value, row) =>
    Math.round(20_000 * value + 40 * area[row]! + 15_000 * stream.nextNormal() + 30_000),
  );
  const known = new Map([
    ['OverallQual', quality],
    ['GrLivArea', area],
    ['SalePrice', price],
    ['YearBuilt', draw(1_880, 2_010)],
    ['TotalBsmtSF', draw(0, 2_000)],
  ]);
  const columns = findOfficial('ames-house-prices')!.published.columns!.map(
    ({ name, type }): TableColumnContent => {
      const isCategory = type === 'category';
      const values = isCategory
        ? Int32Array.from({ length: rowCount }, () => stream.nextInteger(2))
        : (known.get(name) ?? draw(0, 100));
      const categories = isCategory ? ['first', 'second'] : [];
      return {
        name,
        type,
        unit: officialUnit('ames-house-prices', name),
        categories,
        values,
        missingCount: 0,
      };
    },
  );
  return { kind: 'table', rowCount, columns };
}

async function store(datasetDirectory: string, id: string, content: DatasetContent): Promise<void> {
  const { name, licence } = findOfficial(id)!;
  await storeDataset(datasetDirectory, {
    id,
    name: `${name} (stand-in)`,
    licence,
    origin: 'catalogue',
    content,
  });
}

/**
 * Stores small generated datasets of the right shapes under the ids of the catalogue (and so coloured-usps too), for tests
 * on machines without the real ones. Their names say that they stand in.
 */
export async function storeStandIns(
  datasetDirectory: string,
  counts: StandInCounts = { trainExamples: 200, testExamples: 60 },
): Promise<void> {
  for (const id of ['fashion-mnist', 'usps', 'cifar-10'] as const) {
    await store(datasetDirectory, id, stripedContent(id, counts));
  }
  await store(
    datasetDirectory,
    'ames-house-prices',
    houseContent(counts.trainExamples + counts.testExamples),
  );
}
