/**
 * tfjs-node as its documentation uses it: a LayersModel, one-hot labels, `fit` with shuffling, accuracy counted. On its
 * own native addon, built from its sources against TensorFlow's library. The same arguments and answer as the Python
 * peers (see common.py); the batch orders serve the first checked steps only, because `fit` shuffles by itself.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util, { parseArgs } from 'node:util';
// The same release with the same types; the package itself is installed in the benchmark's cache.
import type * as tfjs from '@tensorflow/tfjs-node-gpu';
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';

type Tfjs = typeof tfjs;

const BATCH = 64;
const CHECKED_STEPS = 20;
const PIXELS = 28 * 28;
/** No progress bar. */
const quiet = { verbose: 0 } as const;

interface Data {
  readonly x: Tensor;
  readonly y: Tensor;
}

const text = { type: 'string', default: '' } as const;
const { values: options } = parseArgs({
  options: {
    package: text,
    model: text,
    data: text,
    inputs: text,
    seconds: { type: 'string', default: '5' },
    images: { type: 'string', default: '60000' },
  },
});

function loadTfjs(): Tfjs {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  // tfjs-node 4.22 still calls these two, which Node has removed.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  return createRequire(join(options.package, 'package.json'))('@tensorflow/tfjs-node') as Tfjs;
}

function readWeights(tf: Tfjs): Tensor[] {
  const listing = readFileSync(join(options.inputs, 'weights.json'), 'utf8');
  const bytes = readFileSync(join(options.inputs, 'weights.f32'));
  let at = 0;
  return (JSON.parse(listing) as { shape: number[] }[]).map(({ shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(Uint8Array.from(bytes.subarray(4 * at, 4 * (at + size))).buffer);
    at += size;
    return tf.tensor(values, shape);
  });
}

function readData(tf: Tfjs): Data {
  const pixels = readFileSync(join(options.data, 'train-images-idx3-ubyte')).subarray(16);
  const labels = readFileSync(join(options.data, 'train-labels-idx1-ubyte')).subarray(8);
  const shape = options.model === 'mlp' ? [labels.length, PIXELS] : [labels.length, 28, 28, 1];
  return {
    x: tf.tensor(
      Float32Array.from(pixels, (value) => value / 255),
      shape,
    ),
    y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10), 'float32')),
  };
}

function buildModel(tf: Tfjs): LayersModel {
  const { dense, conv2d, maxPooling2d, flatten } = tf.layers;
  const convolution = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  const first =
    options.model === 'mlp'
      ? [dense({ units: 256, activation: 'relu', inputShape: [PIXELS] })]
      : [
          conv2d({ filters: 32, ...convolution, inputShape: [28, 28, 1] }),
          maxPooling2d({ poolSize: 2 }),
          conv2d({ filters: 64, ...convolution }),
          maxPooling2d({ poolSize: 2 }),
          flatten(),
        ];
  const last = [dense({ units: 128, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
  const model = tf.sequential({ layers: [...first, ...last] });
  model.setWeights(readWeights(tf));
  model.compile({
    optimizer: tf.train.adam(1e-3, 0.9, 0.999, 1e-8),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** Losses of the first steps on the common batches. */
async function checkSteps(tf: Tfjs, { x, y }: Data): Promise<number[]> {
  const model = buildModel(tf);
  const bytes = readFileSync(join(options.inputs, 'order-1.i32')).subarray(0, 4 * BATCH * CHECKED_STEPS);
  const order = new Int32Array(Uint8Array.from(bytes).buffer);
  const losses: number[] = [];
  for (let step = 0; step < CHECKED_STEPS; step++) {
    const rows = tf.tensor1d(order.subarray(step * BATCH, (step + 1) * BATCH), 'int32');
    const measured = await model.trainOnBatch(tf.gather(x, rows), tf.gather(y, rows));
    losses.push(Array.isArray(measured) ? (measured[0] ?? NaN) : measured);
  }
  return losses;
}

function firstRows(tensor: Tensor, count: number): Tensor {
  return count >= tensor.shape[0] ? tensor : tensor.slice(0, count);
}

async function measure(tf: Tfjs, data: Data): Promise<{ images: number; epochs: number; seconds: number }> {
  const model = buildModel(tf);
  const fit = (images: number): Promise<unknown> =>
    model.fit(firstRows(data.x, images), firstRows(data.y, images), {
      batchSize: BATCH,
      epochs: 1,
      shuffle: true,
      ...quiet,
    });
  await fit(10 * BATCH + 32);
  const images = Number(options.images);
  let epochs = 0;
  const startedMs = performance.now();
  do {
    await fit(images);
    epochs++;
  } while (performance.now() - startedMs < 1_000 * Number(options.seconds));
  return { images: images * epochs, epochs, seconds: (performance.now() - startedMs) / 1_000 };
}

async function main(): Promise<void> {
  const tf = loadTfjs();
  await tf.ready();
  const data = readData(tf);
  const losses = await checkSteps(tf, data);
  const measured = await measure(tf, data);
  const { binding } = tf.backend() as unknown as { readonly binding: { readonly TF_Version: string } };
  const answer = {
    ...measured,
    imagesPerSecond: measured.images / measured.seconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * (process.platform === 'darwin' ? 1 : 1_024),
    losses,
    compileSeconds: 0,
    versions: { 'tfjs-node': tf.version['tfjs-node'], tensorflow: binding.TF_Version },
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

await main();
