import { describe, expect, it } from 'vitest';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import type { StudyMember } from './member.ts';
import { WaitingLine } from './waiting-line.ts';

interface Net {
  readonly trial: number;
  readonly units?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
}

function member(trial: number, about: Pick<ExperimentInput, 'data' | 'model' | 'training'>): StudyMember {
  const parsed = experiment.parse({ schemaVersion: 1, name: 'Waiting', ...about });
  return { trial, fold: 0, repeat: 0, seed: 1, experiment: parsed };
}

function net({ trial, units = 8, epochs = 10, batchSize = 16 }: Net): StudyMember {
  const layers = [units, 2].map((width) => ({ kind: 'dense' as const, units: width }));
  return member(trial, { data: { dataset: 'circles' }, model: { layers }, training: { epochs, batchSize } });
}

function convolution(trial: number): StudyMember {
  const kernels = { kind: 'conv2d', filters: 2, kernelSize: 3 } as const;
  const layers = [kernels, { kind: 'flatten' } as const, { kind: 'dense', units: 10 } as const];
  return member(trial, { data: { dataset: 'mnist' }, model: { layers } });
}

function lineOf(...members: StudyMember[]): WaitingLine {
  const line = new WaitingLine(true);
  line.add(members);
  return line;
}

/** The trials of all packs, in the order in which they are taken. */
function packsOf(line: WaitingLine): number[][] {
  const packs: number[][] = [];
  while (line.size > 0) packs.push(line.take().map(({ trial }) => trial));
  return packs;
}

describe('nets that wait for a searcher', () => {
  it('go together where they are of one kind, at most 64', () => {
    const many = Array.from({ length: 70 }, (_, trial) => net({ trial }));
    const packs = packsOf(lineOf(...many, net({ trial: 99, units: 9 })));
    expect(packs.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual([64, 6, 1]);
    expect(packs.flat().toSorted((a, b) => a - b)).toEqual([...many.keys(), 99]);
  });

  it('go by work, the most first: epochs, weights and batches count', () => {
    const little = net({ trial: 0 });
    expect(packsOf(lineOf(little, net({ trial: 1, units: 80 })))).toEqual([[1], [0]]);
    expect(packsOf(lineOf(little, net({ trial: 1, units: 7, epochs: 20 })))).toEqual([[1], [0]]);
    expect(packsOf(lineOf(little, net({ trial: 1, batchSize: 2 })))).toEqual([[1], [0]]);
    expect(packsOf(lineOf(net({ trial: 1, units: 9 }), little, net({ trial: 2 })))).toEqual([[0, 2], [1]]);
  });

  it('go by turn where that is asked for, with those of its kind', () => {
    const line = new WaitingLine(false);
    line.add([net({ trial: 0 }), net({ trial: 1, units: 80 }), net({ trial: 2 })]);
    expect(packsOf(line)).toEqual([[0, 2], [1]]);
  });

  it('go one by one in their turn where they train alone', () => {
    const line = lineOf(convolution(0), net({ trial: 1 }), convolution(2), net({ trial: 3 }));
    expect(packsOf(line)).toEqual([[0], [1, 3], [2]]);
  });

  it('are dropped with their trial, and come first when they are put back', () => {
    const line = lineOf(convolution(0), convolution(1), convolution(2));
    line.drop(1);
    const [back] = line.take();
    line.addFirst([back!]);
    expect(packsOf(line)).toEqual([[0], [2]]);
    expect(line.take()).toEqual([]);
  });

  it('are put back to be taken one by one where that is asked for', () => {
    const line = lineOf(net({ trial: 0 }), net({ trial: 1 }), net({ trial: 2 }), net({ trial: 3 }));
    line.addFirst(line.take().slice(0, 2), true);
    line.add([net({ trial: 4 }), net({ trial: 5 })]);
    expect(packsOf(line)).toEqual([[0], [1], [4, 5]]);
  });
});
