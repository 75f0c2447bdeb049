import { describe, expect, it } from 'vitest';
import { PadDrawing } from './pad-drawing.svelte.ts';

/** Of the pixel in row 4, column 4. */
const middle = { x: 4.5, y: 4.5 };

/** With a pen that covers the pixels under its middle. */
function padOf(channels: 1 | 3): PadDrawing {
  const drawing = new PadDrawing([8, 8, channels]);
  drawing.width = 3;
  return drawing;
}

function drawnOn(drawing: PadDrawing): PadDrawing {
  drawing.begin(middle);
  drawing.extend({ x: 6.5, y: 4.5 });
  drawing.end();
  return drawing;
}

describe('the drawing on the pad', () => {
  it('takes strokes back and puts them on again, each as a whole', () => {
    const drawing = padOf(1);
    expect([drawing.blank, drawing.canUndo]).toEqual([true, false]);
    const once = drawnOn(drawing).values;
    drawing.begin({ x: 1, y: 1 });
    drawing.extend({ x: 1, y: 7 });
    drawing.end();
    const twice = drawing.values;
    drawing.undo();
    expect(drawing.values).toBe(once);
    drawing.undo();
    expect([drawing.blank, drawing.canUndo, drawing.canRedo]).toEqual([true, false, true]);
    drawing.redo();
    drawing.redo();
    expect(drawing.values).toBe(twice);
    drawing.undo();
    drawnOn(drawing);
    expect(drawing.canRedo).toBe(false);
  });

  it('erases to the paper, which is white once all is inverted', () => {
    const drawing = drawnOn(padOf(1));
    drawing.invert();
    expect([drawing.paper, drawing.values[0], drawing.values[4 * 8 + 4]]).toEqual([255, 255, 0]);
    drawing.tool = 'eraser';
    drawing.width = 20;
    drawnOn(drawing);
    expect(drawing.blank).toBe(true);
    drawing.undo();
    drawing.undo();
    expect([drawing.paper, drawing.values[4 * 8 + 4]]).toEqual([0, 255]);
    drawing.undo();
    expect(drawing.blank).toBe(true);
  });

  it('draws black ink on white paper, and only while the pen is down', () => {
    const drawing = padOf(1);
    drawing.invert();
    drawing.extend(middle);
    expect(drawing.blank).toBe(true);
    expect(drawnOn(drawing).values[4 * 8 + 4]).toBe(0);
  });

  it('recolours what it shows in colour, and grey pictures not at all', () => {
    const coloured = padOf(3);
    coloured.ink = [255, 255, 0];
    drawnOn(coloured);
    coloured.tint([0, 0, 255]);
    const pixel = (4 * 8 + 4) * 3;
    expect([...coloured.values.subarray(pixel, pixel + 3)]).toEqual([0, 0, 255]);
    const grey = drawnOn(padOf(1));
    const { values } = grey;
    grey.tint([0, 0, 255]);
    expect(grey.values).toBe(values);
  });

  it('shows the nets the drawing as it is placed', () => {
    const drawing = padOf(1);
    drawing.begin({ x: 2, y: 2 });
    drawing.end();
    expect(drawing.shown).toBe(drawing.values);
    drawing.placement = 'centred';
    expect(drawing.shown).not.toEqual(drawing.values);
    expect(Math.max(...drawing.shown)).toBe(Math.max(...drawing.values));
  });

  it('loads an example onto black paper, and can take that back', () => {
    const drawing = drawnOn(padOf(1));
    const { values } = drawing;
    const example = new Float32Array(64).fill(30);
    drawing.load(example);
    expect([drawing.values, drawing.paper]).toEqual([example, 0]);
    drawing.undo();
    expect(drawing.values).toBe(values);
  });
});
