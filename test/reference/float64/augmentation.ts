import { uniformNumbers } from '../../../src/main/engine/portable/ops.ts';
import { streamKey } from '../../../src/shared/random/stream.ts';
import type { AugmentationStep } from '../../../src/shared/schema/augmentation.ts';

/** Images [batch, height, width, channels] flat, and how their targets are mixed. */
export interface Images {
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
  readonly values: Float64Array;
  readonly partner: readonly number[];
  readonly share: readonly number[];
}

/** The numbers of one step of the augmentation, as the studio names its streams. */
type Draw = (what: string, size: number) => Float32Array;

/** Where in image n the value at row y, column x comes from: [row, column], not necessarily whole. */
type Source = (n: number, y: number, x: number) => readonly [number, number];

function at({ shape, values }: Images, n: number, y: number, x: number, c: number): number {
  const [, height, width, channels] = shape;
  if (y < 0 || y >= height || x < 0 || x >= width) return 0;
  return values[((n * height + y) * width + x) * channels + c]!;
}

function mapImages(
  images: Images,
  value: (n: number, y: number, x: number, c: number) => number,
): Float64Array {
  const [batch, height, width, channels] = images.shape;
  const out: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) out.push(value(n, y, x, c));
      }
    }
  }
  return Float64Array.from(out);
}

/** Bilinear with zeros outside; at whole positions it is the value itself. */
function resample(images: Images, source: Source): Float64Array {
  return mapImages(images, (n, y, x, c) => {
    const [row, column] = source(n, y, x);
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - top, column - left];
    const line = (r: number) =>
      (1 - right) * at(images, n, r, left, c) + right * at(images, n, r, left + 1, c);
    return (1 - down) * line(top) + down * line(top + 1);
  });
}

/** Where one geometric step takes the pixels of a batch from. */
function sourceOf(step: AugmentationStep, { shape }: Images, draw: Draw): Source {
  const [batch, height, width] = shape;
  switch (step.kind) {
    case 'rotation': {
      const angles = Array.from(draw('angle', batch), (u) => ((2 * u - 1) * step.degrees * Math.PI) / 180);
      const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
      return (n, y, x) => {
        const [cosine, sine] = [Math.cos(angles[n]!), Math.sin(angles[n]!)];
        const [down, right] = [y - middleY, x - middleX];
        return [middleY + sine * right + cosine * down, middleX + cosine * right - sine * down];
      };
    }
    case 'shift':
    case 'crop': {
      const limit = step.kind === 'shift' ? step.pixels : step.padding;
      const offsets = Array.from(draw('offset', 2 * batch), (u) => Math.floor(u * (2 * limit + 1)) - limit);
      return (n, y, x) => [y + offsets[2 * n + 1]!, x + offsets[2 * n]!];
    }
    case 'flip': {
      const flips = Array.from(draw('flip', batch), (u) => u < step.probability);
      return (n, y, x) => {
        if (!flips[n]) return [y, x];
        return step.axis === 'horizontal' ? [y, width - 1 - x] : [height - 1 - y, x];
      };
    }
    default:
      throw new Error(`${step.kind} is not geometric`);
  }
}

function normalNumbers(draw: Draw, batch: number, count: number): number[][] {
  const pairs = Math.ceil(count / 2);
  const uniform = draw('noise', batch * 2 * pairs);
  return Array.from({ length: batch }, (_, n) => {
    const row = uniform.subarray(n * 2 * pairs, (n + 1) * 2 * pairs);
    return Array.from({ length: count }, (_, i) => {
      const radius = Math.sqrt(-2 * Math.log(1 - row[i % pairs]!));
      const angle = 2 * Math.PI * row[pairs + (i % pairs)]!;
      return radius * (i < pairs ? Math.cos(angle) : Math.sin(angle));
    });
  });
}

function imageMeans(images: Images): number[] {
  const [batch] = images.shape;
  const size = images.values.length / batch;
  return Array.from(
    { length: batch },
    (_, n) => images.values.subarray(n * size, (n + 1) * size).reduce((sum, value) => sum + value, 0) / size,
  );
}

function changeValues(step: AugmentationStep, images: Images, draw: Draw): Float64Array {
  const [batch, height, width, channels] = images.shape;
  switch (step.kind) {
    case 'brightness': {
      const u = draw('amount', batch);
      return mapImages(images, (n, y, x, c) => at(images, n, y, x, c) + (2 * u[n]! - 1) * step.amount);
    }
    case 'contrast': {
      const u = draw('factor', batch);
      const means = imageMeans(images);
      return mapImages(images, (n, y, x, c) => {
        const factor = 1 + (2 * u[n]! - 1) * step.amount;
        return means[n]! + factor * (at(images, n, y, x, c) - means[n]!);
      });
    }
    case 'noise': {
      const normal = normalNumbers(draw, batch, height * width * channels);
      return mapImages(
        images,
        (n, y, x, c) =>
          at(images, n, y, x, c) + step.standardDeviation * normal[n]![(y * width + x) * channels + c]!,
      );
    }
    case 'cutout': {
      const rows = Array.from(draw('row', batch), (u) => Math.floor(u * height));
      const columns = Array.from(draw('column', batch), (u) => Math.floor(u * width));
      const before = Math.floor(step.size / 2);
      const within = (place: number, centre: number) =>
        place >= centre - before && place < centre - before + step.size;
      return mapImages(images, (n, y, x, c) =>
        within(y, rows[n]!) && within(x, columns[n]!) ? 0 : at(images, n, y, x, c),
      );
    }
    default:
      throw new Error(`${step.kind} does not change values alone`);
  }
}

/** Beta(alpha, alpha) by way of a t-variate (Bailey 1994, Devroye 1996), in the formula's own form. */
function betaShares(alpha: number, batch: number, draw: Draw): number[] {
  const u = draw('share-radius', batch);
  const v = draw('share-angle', batch);
  return Array.from({ length: batch }, (_, n) => {
    const w = Math.sqrt((1 - u[n]!) ** (-1 / alpha) - 1) * Math.cos(2 * Math.PI * v[n]!);
    return (1 + w / Math.sqrt(1 + w * w)) / 2;
  });
}

function partners(batch: number, draw: Draw): number[] {
  const distance = 1 + Math.floor(draw('partner', 1)[0]! * (batch - 1));
  return Array.from({ length: batch }, (_, n) => (n + distance) % batch);
}

/** Rows or columns of a pasted rectangle, [first, after the last) before it is cut off at the edges. */
function spans(
  draw: Draw,
  what: string,
  side: number,
  ratios: readonly number[],
): (readonly [number, number])[] {
  const u = draw(what, ratios.length);
  return ratios.map((ratio, n) => {
    const half = Math.floor(Math.floor(side * ratio) / 2);
    const centre = Math.floor(u[n]! * side);
    return [centre - half, centre + half];
  });
}

function mixImages(step: AugmentationStep, images: Images, draw: Draw): Images {
  if (step.kind !== 'cutmix' && step.kind !== 'mixup') throw new Error(`${step.kind} does not mix`);
  const [batch, height, width] = images.shape;
  const partner = partners(batch, draw);
  const chosen = Array.from(draw('chosen', batch), (u) => u < step.probability);
  const drawn = betaShares(step.alpha, batch, draw).map((share, n) => (chosen[n] ? share : 1));
  if (step.kind === 'mixup') {
    const values = mapImages(
      images,
      (n, y, x, c) => drawn[n]! * at(images, n, y, x, c) + (1 - drawn[n]!) * at(images, partner[n]!, y, x, c),
    );
    return { ...images, values, partner, share: drawn };
  }
  const ratios = drawn.map((share) => Math.sqrt(1 - share));
  const rows = spans(draw, 'row', height, ratios);
  const columns = spans(draw, 'column', width, ratios);
  const within = (place: number, [first, end]: readonly [number, number]) => place >= first && place < end;
  const pasted = (n: number, y: number, x: number) => within(y, rows[n]!) && within(x, columns[n]!);
  const count = (n: number) => {
    let pixels = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels += pasted(n, y, x) ? 1 : 0;
    return pixels;
  };
  return {
    ...images,
    values: mapImages(images, (n, y, x, c) => at(images, pasted(n, y, x) ? partner[n]! : n, y, x, c)),
    partner,
    share: partner.map((_, n) => 1 - count(n) / (height * width)),
  };
}

const GEOMETRIC: readonly string[] = ['rotation', 'shift', 'crop', 'flip'];

/**
 * What an augmentation makes of a batch, written as plain loops in float64 over the numbers the studio's streams give.
 * Neighbouring geometric steps are one resampling, the last step's map first.
 */
export function augmentByLoops(
  spec: readonly AugmentationStep[],
  images: Images,
  seed: number,
  step: number,
): Images {
  let current = images;
  let source: Source | null = null;
  const finish = () => {
    if (source !== null) current = { ...current, values: resample(current, source) };
    source = null;
  };
  spec.forEach((augmentationStep, index) => {
    const draw: Draw = (what, size) =>
      uniformNumbers(size, streamKey(seed, 'augmentation', `${index}/${what}`), step);
    if (GEOMETRIC.includes(augmentationStep.kind)) {
      const before: Source = source ?? ((_, y, x) => [y, x]);
      const own = sourceOf(augmentationStep, images, draw);
      source = (n, y, x) => before(n, ...own(n, y, x));
      return;
    }
    finish();
    if (augmentationStep.kind === 'cutmix' || augmentationStep.kind === 'mixup') {
      current = mixImages(augmentationStep, current, draw);
    } else {
      current = { ...current, values: changeValues(augmentationStep, current, draw) };
    }
  });
  finish();
  return current;
}
