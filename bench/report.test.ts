import { describe, expect, it } from 'vitest';
import type { Measurement, ModelName } from './contestants.ts';
import { formatReport } from './report.ts';
import { bestTurns, medianRatio, type BenchmarkResults, type Turns } from './results.ts';

const losses = Array.from({ length: 20 }, (_, step) => 2.3 - step / 10);

function measured(imagesPerSecond: number, peakMemoryBytes = 5e8): Measurement {
  const rest = { images: 1, epochs: 1, seconds: 1, losses, compileSeconds: 0.5, versions: { v: '1' } };
  return { ...rest, imagesPerSecond, peakMemoryBytes };
}

function turns(model: ModelName, name: Turns['name'], variant: string, ...speeds: (number | null)[]): Turns {
  const measurements = speeds.map((speed) => (speed === null ? null : measured(speed)));
  return { name, variant, model, measurements };
}

function results(list: readonly Turns[]): BenchmarkResults {
  const steps = {
    losses,
    executor: 'xla',
    stepsPerCall: 100,
    compileSeconds: 1,
    stepSeconds: 0.001,
    eagerStepSeconds: 0.006,
    engine: 'tensorflow',
  } as const;
  return {
    startedAt: '2026-01-02T03:04:05Z',
    durationSeconds: 600,
    rounds: 3,
    quick: false,
    machine: {
      processor: 'P',
      cores: 2,
      memoryBytes: 2 ** 34,
      system: 'S',
      node: '24',
      matmulGflops: 400,
      matmulThreads: 2,
    },
    turns: list,
    unqualified: [
      {
        name: 'PyTorch',
        variant: 'slow',
        model: 'mlp',
        imagesPerSecond: 10,
        reason: '0.10 of its fastest variant',
      },
    ],
    steps: { mlp: steps, cnn: steps },
    trainingFlops: { mlp: 1e6, cnn: 25e6 },
  };
}

describe('the benchmark', () => {
  it('chooses the variant with the best median, not the best single round', () => {
    const found = results([
      turns('mlp', 'PyTorch', 'lucky once', 10, 90, 10),
      turns('mlp', 'PyTorch', 'steady', 20, 20, 20),
    ]);
    expect(bestTurns(found, 'mlp', 'PyTorch')?.variant).toBe('steady');
  });

  it('takes ratios within a round and leaves out rounds that one of the two did not answer', () => {
    const ours = turns('mlp', 'Epoch Studio', 'run', 100, 50, 80);
    expect(medianRatio(ours, turns('mlp', 'PyTorch', 'x', 50, 50, 20))).toBe(2);
    expect(medianRatio(ours, turns('mlp', 'PyTorch', 'x', 50, null, 20))).toBe(3);
  });
});

describe('the report', () => {
  it('states each target as reached or missed, and a peer without an answer as missed', () => {
    const report = formatReport(
      results([
        turns('mlp', 'Epoch Studio', 'run', 100, 100, 100),
        turns('mlp', 'PyTorch', 'eager', 20, 25, 20),
        turns('mlp', 'Keras', 'fit', 50, 50, 50),
      ]),
    );
    expect(report).toContain('| PyTorch | eager | 5.00 | 4 | reached |');
    expect(report).toContain('| Keras | fit | 2.00 | 5 | **missed** |');
    expect(report).toContain('| JAX | - | no answer | 0.9 | **missed** |');
    expect(report).toContain('- PyTorch, slow: 10 images/s (0.10 of its fastest variant)');
  });

  it('says after how many steps compiling has paid for itself', () => {
    expect(formatReport(results([]))).toContain('has paid for itself after 200 steps');
  });
});
