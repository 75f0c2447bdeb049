import { describe, expect, it } from 'vitest';
import { figureSpec } from '../schema/figure.ts';
import { writeFigureCsv } from './figure-csv.ts';

const lines = {
  kind: 'lines',
  title: 'Loss',
  runIds: [],
  x: { title: 'Epoch' },
  y: { title: 'Loss' },
  series: [
    {
      label: 'dev',
      x: [1, 2],
      y: [0.5, null],
      style: 'solid',
      colour: 0,
      band: { low: [0.4, null], high: [0.6, null] },
    },
    { label: 'test', x: [2], y: [0.3], style: 'markers', colour: 0 },
  ],
};
const rows = (figure: unknown): string[] => writeFigureCsv(figureSpec.parse(figure)).split('\r\n');

describe("a figure's numbers", () => {
  it('stand one observation per row, gaps empty', () => {
    expect(rows(lines)).toEqual([
      'series,Epoch,Loss,low,high',
      'dev,1,0.5,0.4,0.6',
      'dev,2,,,',
      'test,2,0.3,,',
      '',
    ]);
  });

  it('share a table over panels of one kind, and follow each other otherwise', () => {
    const bars = {
      kind: 'bars',
      title: 'Classes',
      runIds: [],
      categories: ['a', 'b'],
      y: { title: 'n' },
      groups: [{ label: 'train', values: [1, 2], colour: 0 }],
    };
    const panels = { kind: 'panels', title: 'All', runIds: [], columns: 2, figures: [lines, lines, bars] };
    const written = rows(panels);
    expect(written.filter((row) => row.startsWith('panel,series'))).toHaveLength(1);
    expect(written.filter((row) => row.startsWith('Loss,dev'))).toHaveLength(4);
    expect(written).toContain('panel,category,train');
    expect(written).toContain('Classes,b,2');
  });

  it('names the middles of the cells of a contour, on a logarithmic axis and between names', () => {
    const contour = {
      kind: 'contour',
      title: 'c',
      runIds: [],
      x: { title: 'rate', scale: 'log', minimum: 1, maximum: 10_000 },
      y: { title: 'units', categories: ['a', 'b', 'c'] },
      value: 'loss',
      bands: 3,
      side: 2,
      values: Float32Array.of(1, 2, Number.NaN, 4),
      points: { x: [100], y: [2] },
    };
    expect(rows(contour)).toEqual([
      'what,rate,units,loss',
      'mean,10,0.5,1',
      'mean,1000,0.5,2',
      'mean,10,1.5,',
      'mean,1000,1.5,4',
      'point,100,2,',
      '',
    ]);
  });

  it('keeps the axes of a plane', () => {
    const plane = {
      kind: 'plane',
      title: 'p',
      runIds: [],
      x: { title: 'x', minimum: -1, maximum: 1 },
      y: { title: 'y', minimum: 0, maximum: 4 },
      side: 2,
      channels: 1,
      values: Float32Array.of(1, 2, 3, 4),
      classes: [],
      points: [{ x: 0.5, y: 2, label: 7, split: 'train' }],
    };
    expect(rows(plane)).toEqual([
      'what,x,y,prediction,label',
      'field,-1,0,1,',
      'field,1,0,2,',
      'field,-1,4,3,',
      'field,1,4,4,',
      'train,0.5,2,,7',
      '',
    ]);
  });
});
