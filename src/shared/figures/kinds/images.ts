import type { SingleFigure } from '../../schema/figure.ts';
import { mapColour, rgbOf } from '../colours.ts';
import { scaleBarMarks, scaleBarWidth, type ScaleBar } from '../scale-bar.ts';
import { rect, text, type Box, type Mark } from '../scene.ts';
import { fitText, wrapText } from '../text-width.ts';
import { print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type ImagesFigure = Extract<SingleFigure, { kind: 'images' }>;
type Picture = ImagesFigure['images'][number];

const GAP = 3;
const LABEL_SIZE = 6.5;
const LABEL_PITCH = 7.5;
const MOST_LABEL_LINES = 2;
/** Largest side of a picture among few. */
const LARGEST = 68;

/** Pictures in rows with their names under them, each pixel a square. */
export function drawImages(figure: ImagesFigure, width: number): DrawnFigure {
  const { images, columns } = figure;
  const bar = scaleOf(figure);
  const room = width - (bar === null ? 0 : scaleBarWidth(bar));
  const used = Math.max(1, Math.min(columns, images.length));
  const cell = Math.min(LARGEST * (images.length <= 2 ? 1.6 : 1), (room - (used - 1) * GAP) / used);
  const high =
    Math.max(...images.map((image) => image.height / Math.max(image.width, image.height)), 0) * cell;
  const lines = Math.max(0, ...images.map(({ label }) => labelLines(label, cell).length));
  const labelHeight = lines === 0 ? 0 : lines * LABEL_PITCH + 2;
  const pitch = high + labelHeight + GAP;
  const marks = images.flatMap((image, i) => {
    const at = { x: (i % used) * (cell + GAP), y: Math.floor(i / used) * pitch };
    return pictureMarks(image, { ...at, width: cell, height: high });
  });
  const rows = Math.ceil(images.length / used);
  const height = rows * pitch - GAP + 1;
  const field = {
    x: 0,
    y: 0,
    width: used * (cell + GAP) - GAP,
    height: Math.min(height, Math.max(40, high)),
  };
  return {
    legend: [],
    body: { height, marks: [...marks, ...(bar === null ? [] : scaleBarMarks(bar, field))] },
  };
}

/** A picture's name in at most two lines. */
function labelLines(label: string, cellWidth: number): string[] {
  if (label === '') return [];
  const room = cellWidth + GAP - 1;
  const lines = wrapText(label, room, LABEL_SIZE);
  const kept = lines.slice(0, MOST_LABEL_LINES - 1);
  const rest = lines.slice(MOST_LABEL_LINES - 1).join(' ');
  return rest === '' ? kept : [...kept, fitText(rest, room, LABEL_SIZE)];
}

/** One scale for all, where all share one map and its range. */
function scaleOf({ scaleBar, images }: ImagesFigure): ScaleBar | null {
  const [first] = images;
  if (!scaleBar || first === undefined || first.channels === 3) return null;
  return { map: first.map, minimum: first.minimum, maximum: first.maximum };
}

function pictureMarks(image: Picture, cell: Box): Mark[] {
  const pixel = cell.width / Math.max(image.width, image.height);
  const [width, height] = [image.width * pixel, image.height * pixel];
  const x = cell.x + (cell.width - width) / 2;
  const y = cell.y + (cell.height - height) / 2;
  const foot = cell.y + cell.height + LABEL_SIZE + 0.5;
  const labels = labelLines(image.label, cell.width).map((content, i) =>
    text(
      content,
      { x: cell.x + cell.width / 2, y: foot + i * LABEL_PITCH },
      { anchor: 'middle', size: LABEL_SIZE },
    ),
  );
  return [
    { kind: 'image', x, y, width, height, columns: image.width, rows: image.height, pixels: pixelsOf(image) },
    rect({ x, y, width, height }, null, { colour: print.quiet, width: 0.25 }),
    ...boxMarks(image, { x, y, width, height }, pixel),
    ...labels,
  ];
}

/** The part that is framed, as far as it lies in the picture. */
function boxMarks({ box, height, width }: Picture, at: Box, pixel: number): Mark[] {
  if (box === null) return [];
  const [top, left] = [Math.max(0, box[0]), Math.max(0, box[1])];
  const [bottom, right] = [Math.min(height, box[2]), Math.min(width, box[3])];
  const part = {
    x: at.x + left * pixel,
    y: at.y + top * pixel,
    width: (right - left) * pixel,
    height: (bottom - top) * pixel,
  };
  return [
    rect(part, null, { colour: '#ffffff', width: 1.4 }),
    rect(part, null, { colour: '#d55e00', width: 0.8 }),
  ];
}

/** Red, green, blue of every pixel: bytes as they are, numbers by their place in the range. */
export function pixelsOf({ values, channels, width, height, minimum, maximum, map }: Picture): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  const isBytes = values instanceof Uint8Array;
  const share = (at: number): number => {
    const value = values[at] ?? 0;
    if (isBytes && channels === 3) return value / 255;
    return maximum > minimum ? (value - minimum) / (maximum - minimum) : 0.5;
  };
  for (let i = 0; i < width * height; i++) {
    if (channels === 3) {
      for (let c = 0; c < 3; c++)
        pixels[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, share(3 * i + c))));
    } else {
      pixels.set(rgbOf(mapColour(map, share(i))), 3 * i);
    }
  }
  return pixels;
}
