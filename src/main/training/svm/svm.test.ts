import fc from 'fast-check';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStream } from '../../../shared/random/stream.ts';
import { svmSpec } from '../../../shared/schema/svm.ts';
import { CheckpointFiles } from '../checkpoint-files.ts';
import type { TrainingPosition } from '../checkpoint.ts';
import { fitSvm, predictSvm, readSvmCheckpoint, scaleGamma, svmState, type SvmExamples } from './index.ts';

/** Clouds around the corners of a square, which overlap. */
function clouds(count: number, classes: number, seed: number, features = 2): SvmExamples {
  const stream = openStream(seed, 'generator');
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const values = new Float32Array(count * features);
  values.forEach((_, k) => {
    const label = labels[Math.floor(k / features)]!;
    values[k] = (k % 2 === 0 ? label % 2 : Math.floor(label / 2)) + 0.5 * stream.nextNormal();
  });
  return { values, features, labels };
}

const position: TrainingPosition = {
  seed: 1,
  epoch: 1,
  examplesTaken: 0,
  step: 1,
  sums: [],
  best: null,
  plateau: null,
  durationMs: 1,
  epochMs: 1,
  generator: 'philox4x32-10',
};

describe('fitSvm', () => {
  it('finds the widest margin between two points by hand', async () => {
    // w x - rho with w = 1 and rho = 1 is 1 at 2 and -1 at 0; both alphas are |w|^2 / 2.
    const examples = { values: Float32Array.of(2, 0), features: 1, labels: Int32Array.of(0, 1) };
    const { model } = await fitSvm(examples, svmSpec.parse({ kernel: 'linear', C: 10 }));
    expect([...model.coefficients]).toEqual([0.5, -0.5]);
    expect([...model.rho]).toEqual([1]);
  });

  it('meets the optimality conditions of the dual on random problems', async () => {
    const specs = fc.record({
      kernel: fc.constantFrom('linear' as const, 'rbf' as const),
      C: fc.constantFrom(0.01, 1, 30),
      gamma: fc.constantFrom('scale' as const, 0.3),
      tolerance: fc.constant(1e-3),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(), specs, async (seed, spec) => {
        const examples = clouds(40, 2, seed);
        const { model } = await fitSvm(examples, spec);
        const { decisions } = await predictSvm(model, examples.values);
        const alphas = alphasOf(examples, model.supportVectors, model.coefficients);
        expect(Math.abs(model.coefficients.reduce((sum, value) => sum + value, 0))).toBeLessThan(
          1e-4 * spec.C,
        );
        decisions.forEach((decision, i) => {
          const margin = (examples.labels[i] === 0 ? 1 : -1) * decision;
          const alpha = alphas[i]!;
          expect(alpha).toBeLessThanOrEqual(Math.fround(spec.C));
          if (alpha < spec.C * 0.999) expect(margin).toBeGreaterThan(1 - 3e-3);
          if (alpha > 0) expect(margin).toBeLessThan(1 + 3e-3);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same machine again, bit for bit', async () => {
    const spec = svmSpec.parse({ kernel: 'rbf', C: 3 });
    const examples = clouds(120, 4, 2);
    expect(await fitSvm(examples, spec)).toEqual(await fitSvm(examples, spec));
  });

  it('knows only the labels that the training part has', async () => {
    const examples = clouds(60, 3, 4);
    const labels = examples.labels.map((label) => 3 * label + 1);
    const { model } = await fitSvm({ ...examples, labels }, svmSpec.parse({ kernel: 'linear' }));
    expect([...model.labels]).toEqual([1, 4, 7]);
    const { labels: predicted, scores } = await predictSvm(model, examples.values);
    expect(new Set(predicted)).toEqual(new Set([1, 4, 7]));
    const right = predicted.filter((label, i) => label === labels[i]).length;
    expect(right / 60).toBeGreaterThan(0.6);
    predicted.forEach((label, i) => {
      const row = [...scores.subarray(3 * i, 3 * i + 3)];
      expect(label).toBe(3 * row.indexOf(Math.max(...row)) + 1);
    });
  });

  it('refuses a single class', async () => {
    const examples = { values: Float32Array.of(1, 2), features: 1, labels: Int32Array.of(3, 3) };
    await expect(fitSvm(examples, svmSpec.parse({ kernel: 'rbf' }))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('one class only') as string,
    });
  });

  it('stops between two slices when it is told to, and tells how far it is', async () => {
    const pairs: string[] = [];
    let slices = 0;
    const stopping = fitSvm(clouds(80, 4, 1), svmSpec.parse({ kernel: 'rbf' }), {
      onPair: (done, of) => pairs.push(`${done}/${of}`),
      slices: {
        isOver: () => true,
        next: () => ((slices += 1) < 60 ? Promise.resolve() : Promise.reject(new Error('stop'))),
      },
    });
    await expect(stopping).rejects.toThrow('stop');
    expect(pairs[0]).toBe('1/6');
    expect(pairs.length).toBeLessThan(6);
  });

  it('lets the process answer while it works', async () => {
    let longestMs = 0;
    let lastMs = performance.now();
    const ticking = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 1);
    // Every row of the kernel is some milliseconds of work.
    await fitSvm(clouds(1_500, 2, 3, 200), svmSpec.parse({ kernel: 'rbf', C: 10 }));
    clearInterval(ticking);
    expect(longestMs).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(500);
  });
});

/** |alpha| per example: a support vector is an example, so that it is found by its values. */
function alphasOf(
  { values, features }: SvmExamples,
  vectors: Float32Array,
  coefficients: Float32Array,
): number[] {
  const key = (from: Float32Array, i: number): string =>
    from.subarray(i * features, (i + 1) * features).join();
  const byValues = new Map(Array.from(coefficients, (value, i) => [key(vectors, i), Math.abs(value)]));
  return Array.from({ length: values.length / features }, (_, i) => byValues.get(key(values, i)) ?? 0);
}

describe('scaleGamma', () => {
  it('is one over features times variance, and 1 without any', () => {
    expect(scaleGamma(Float32Array.of(1, 3, 1, 3), 2)).toBeCloseTo(1 / 2, 12);
    expect(scaleGamma(Float32Array.of(1e6 + 1, 1e6 + 3), 1)).toBeCloseTo(1, 6);
    expect(scaleGamma(Float32Array.of(4, 4), 1)).toBe(1);
  });
});

describe('a stored machine', () => {
  it('decides as the fitted one, to the bit', async () => {
    const examples = clouds(90, 3, 7);
    const { model } = await fitSvm(examples, svmSpec.parse({ kernel: 'rbf', gamma: 0.1 }));
    const files = new CheckpointFiles(await mkdtemp(join(tmpdir(), 'svm-')), 'svmrun01234');
    const artifact = await files.write(files.epochPath(1), { position, state: svmState(model) });
    const restored = await readSvmCheckpoint(files, artifact.path, artifact.sha256);
    expect(restored).toEqual(model);
    expect(await predictSvm(restored, examples.values)).toEqual(await predictSvm(model, examples.values));
  });

  it("is not mistaken for a net's checkpoint", async () => {
    const files = new CheckpointFiles(await mkdtemp(join(tmpdir(), 'svm-')), 'svmrun01234');
    const { path } = await files.write(files.epochPath(1), { position, state: [] });
    await expect(readSvmCheckpoint(files, path)).rejects.toMatchObject({ code: 'data-damaged' });
  });
});
