import { describe, expect, it } from 'vitest';
import { STUDIO_ANEW, STUDIO_KEEPING, type SearchMeasurement, type SearchName } from './contestants.ts';
import type { SearchResults } from './results.ts';
import type { SearchTurns } from './rounds.ts';
import type { Configuration } from './search-inputs.ts';
import { formatSearchReport, formatSearchSummary } from './search-report.ts';

const configurations = Array.from({ length: 12 }, (_, number): Configuration => ({
  number,
  widths: [20 + number, 100],
  dropout: [0.1, 0.1],
  batchSize: 16,
  epochs: 100,
  optimizer: { kind: 'sgd', learningRate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
}));

/** Trial 0 wins; `jitter` stands for chance, `factor` for a fault. */
function measured(seconds: number, jitter: number, factor = 1): SearchMeasurement {
  return {
    seconds,
    loadSeconds: 1,
    compileSeconds: 2,
    peakMemoryBytes: 1e9,
    trials: configurations.map(({ number }) => ({
      number,
      mean: factor * (0.1 + number / 10) * (1 + jitter * Math.sin(7 * number + 1_000 * jitter)),
      standardError: 0.02,
    })),
    versions: { torch: '2.13.0' },
  };
}

function turns(name: SearchName, ...measurements: (SearchMeasurement | null)[]): SearchTurns {
  return { name, variant: name === 'Epoch Studio' ? STUDIO_KEEPING : 'as ever', measurements };
}

function results(studio: SearchTurns): SearchResults {
  return {
    date: '2026-11-21',
    minutes: 20,
    rounds: 2,
    quick: false,
    machine: {
      processor: 'Test processor',
      cores: 2,
      memoryBytes: 2 ** 34,
      system: 'Linux',
      node: '24.0.0',
      matmulGflops: 100,
      matmulThreads: 2,
    },
    load: 0.25,
    configurations,
    folds: 5,
    steps: 123_456,
    turns: [
      studio,
      { ...turns('Epoch Studio', measured(20, 0.022), measured(16, 0.022)), variant: STUDIO_ANEW },
      turns('PyTorch', measured(200, 0.02), measured(160, 0.02)),
      turns('PyTorch per core', measured(70, 0.03), measured(70, 0.03)),
      turns('JAX', null, measured(30, 0.025)),
    ],
    unqualified: [{ name: 'JAX', variant: 'slow', seconds: 9, bestSeconds: 8 }],
    parity: { trials: 10, epochsDividedBy: 50, differences: [{ name: 'Epoch Studio', largest: 1e-5 }] },
  };
}

const fast = turns('Epoch Studio', measured(10, 0.022), measured(10, 0.022));

describe('the report of a search', () => {
  const report = formatSearchReport(results(fast));

  it('takes ratios within rounds and the median over them', () => {
    expect(report).toContain('| PyTorch | as ever | 18.0 | 15 | reached | 10.0 |');
    expect(report).toContain('| PyTorch per core | as ever | 7.0 | 8 | **missed** | 3.9 |');
  });
  it('says where a contestant or a round has no answer', () => {
    expect(report).toContain('| JAX | as ever | 3.0 | 1 | reached | 1.9 |');
    expect(report).toContain('as ever (no answer in 1 of 2)');
    expect(report).toContain('| PyTorch by hand | - | no answer | - | shown only | - |');
  });
  it('states machine, load, rounds, versions and what was left out', () => {
    expect(report).toContain('2 rounds, the order rotating, in 20 minutes');
    expect(report).toContain('Test processor, 2 cores, 16 GiB, Linux; load average at the start 0.3');
    expect(report).toContain('torch 2.13.0, node 24.0.0');
    expect(report).toContain('- JAX, slow: 9.0 s, its best variant 8.0 s');
  });
  it('races against the fastest variant of a peer', () => {
    const whole = results(fast);
    const slower: SearchTurns = { ...turns('PyTorch', measured(400, 0), measured(500, 0)), variant: 'slow' };
    const both = formatSearchReport({ ...whole, turns: [slower, ...whole.turns] });
    expect(both).toContain('| PyTorch | as ever | 18.0 | 15 | reached | 10.0 |');
  });
  it('warns of a busy machine and of smoke tests alone', () => {
    expect(report).not.toContain('mean nothing');
    expect(report).not.toContain('busy');
    expect(formatSearchReport({ ...results(fast), load: 3 })).toContain('The machine was busy');
    expect(formatSearchReport({ ...results(fast), quick: true })).toContain('mean nothing');
  });
  it('finds the same winner and losses within noise', () => {
    expect(report).toContain('| Epoch Studio | trial 0 |');
    expect(report).toMatch(/\| Epoch Studio and PyTorch \|.*within noise/);
    expect(report).not.toContain('**another**');
  });
  it('holds peak memory and parity against their limits', () => {
    expect(report).toContain('1,000 MB, limit 2,000 MB: reached');
    expect(report).toContain('Epoch Studio 1.0e-5 (limit 1e-3: reached)');
  });
});

describe('a studio that trains other nets', () => {
  const better = turns('Epoch Studio', measured(10, 0.022, 0.7), null);
  it('is outside of the noise, also where its losses are lower', () => {
    expect(formatSearchReport(results(better))).toMatch(/\| Epoch Studio and PyTorch \|.*\*\*outside\*\*/);
    expect(formatSearchSummary(results(better))).toContain('within noise: **missed**');
  });
  it('is told from one that does not answer', () => {
    const whole = results(turns('Epoch Studio', null, null));
    const none = { ...whole, turns: whole.turns.filter(({ variant }) => variant !== STUDIO_ANEW) };
    expect(formatSearchReport(none)).toContain('| PyTorch | as ever | no answer | 15 | **missed** | - |');
    expect(formatSearchSummary(none)).toContain(
      '- JAX: no answer (target 1: **missed**; every program compiled anew: -)',
    );
    expect(formatSearchSummary(none)).toContain('Losses could not be compared.');
  });
});

it('has a summary with every target', () => {
  const summary = formatSearchSummary(results(fast));
  expect(summary).toContain('12 configurations of A1 on 5 folds');
  expect(summary).toContain(
    '- PyTorch: 18.0 times as fast (target 15: reached; every program compiled anew: 10.0)',
  );
  expect(summary).toContain('- JAX: 3.0 times as fast (target 1: reached; every program compiled anew: 1.9)');
  expect(summary).toContain(
    'The same winner as PyTorch: reached; mean held-out losses within noise: reached.',
  );
});
