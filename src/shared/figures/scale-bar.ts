import { mapColour, type ColourMap } from './colours.ts';
import { labelValues } from './scale.ts';
import { line, rect, text, type Box, type Mark } from './scene.ts';
import { textWidth } from './text-width.ts';
import { frameLine, print } from './theme.ts';
import { writeBrief } from './ticks.ts';

/** The scale of a colour map, upright. */
export interface ScaleBar {
  readonly map: ColourMap;
  readonly minimum: number;
  readonly maximum: number;
  /** Place of a number on the map in [0, 1]; even when left out. */
  readonly share?: (value: number) => number;
  readonly write?: (value: number) => string;
}

const BAR_WIDTH = 7;
const STEPS = 64;
const { smallSize, gap, tickLength } = print;

function labelsOf({ minimum, maximum, write = writeBrief }: ScaleBar): { value: number; label: string }[] {
  return labelValues(minimum, maximum).map((value) => ({ value, label: write(value) }));
}

/** Width that a bar takes with its numbers and the gap before it. */
export function scaleBarWidth(bar: ScaleBar): number {
  const widest = Math.max(...labelsOf(bar).map(({ label }) => textWidth(label, smallSize)));
  return 2 * gap + BAR_WIDTH + tickLength + gap / 2 + widest;
}

/** The bar right of a box, as high as it. */
export function scaleBarMarks(bar: ScaleBar, beside: Box): Mark[] {
  const box = { x: beside.x + beside.width + 2 * gap, y: beside.y, width: BAR_WIDTH, height: beside.height };
  const share = bar.share ?? ((value) => (value - bar.minimum) / (bar.maximum - bar.minimum));
  const stepHeight = box.height / STEPS;
  const steps = Array.from({ length: STEPS }, (_, i) =>
    rect(
      // Each reaches under the next, so that no gap shines through between them.
      {
        x: box.x,
        y: box.y + i * stepHeight,
        width: BAR_WIDTH,
        height: Math.min(2 * stepHeight, box.height - i * stepHeight),
      },
      { colour: mapColour(bar.map, 1 - (i + 0.5) / STEPS) },
    ),
  );
  return [...steps, rect(box, null, frameLine), ...tickMarks(bar, share, box)];
}

function tickMarks(bar: ScaleBar, share: (value: number) => number, box: Box): Mark[] {
  let free = Infinity;
  const right = box.x + box.width;
  return labelsOf(bar).flatMap(({ value, label }) => {
    const y = box.y + box.height * (1 - share(value));
    if (!(free - y >= smallSize)) return [];
    free = y;
    const at = { x: right + tickLength + gap / 2, y: y + smallSize * 0.36 };
    return [
      line({ x: right, y }, { x: right + tickLength, y }, frameLine),
      text(label, at, { size: smallSize }),
    ];
  });
}
