import { encodePicture, toBase64 } from './picture-data.ts';
import type {
  Box,
  Fill,
  GroupMark,
  ImageMark,
  Mark,
  PathMark,
  Point,
  Scene,
  Stroke,
  TextMark,
} from './scene.ts';
import { POINTS_PER_MM, print } from './theme.ts';

/** Arimo has the widths of Arial and of Liberation Sans, so that a figure looks alike where only one of them is. */
export const FONT_STACK = "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif";

/** Writes a scene as SVG 1.1: sizes in millimetres, coordinates in points, its runs in the metadata. */
export function writeSvg(scene: Scene): string {
  const clips: Box[] = [];
  const marks = scene.marks.map((mark) => writeMark(mark, clips)).join('\n');
  const size = (points: number): string => `${number(points / POINTS_PER_MM)}mm`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
      `width="${size(scene.width)}" height="${size(scene.height)}" ` +
      `viewBox="0 0 ${number(scene.width)} ${number(scene.height)}" role="img" ` +
      `aria-labelledby="title description" font-family="${escape(FONT_STACK)}" font-size="${print.textSize}">`,
    `<title id="title">${escape(scene.title)}</title>`,
    `<desc id="description">${escape(scene.description)}</desc>`,
    writeMetadata(scene),
    ...(clips.length === 0 ? [] : [`<defs>${clips.map(writeClip).join('')}</defs>`]),
    `<rect width="100%" height="100%" fill="${print.ground}"/>`,
    marks,
    '</svg>',
    '',
  ].join('\n');
}

/** Dublin Core: what made it, and from which runs. */
function writeMetadata({ title, creator, runIds }: Scene): string {
  const sources = runIds.map((id) => `<dc:source>run ${escape(id)}</dc:source>`).join('');
  return (
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ' +
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="">' +
    `<dc:title>${escape(title)}</dc:title><dc:creator>${escape(creator)}</dc:creator>` +
    `<dc:format>image/svg+xml</dc:format>${sources}</rdf:Description></rdf:RDF></metadata>`
  );
}

function writeClip(box: Box, index: number): string {
  return `<clipPath id="clip${index}"><rect ${attributes(boxAttributes(box))}/></clipPath>`;
}

function writeMark(mark: Mark, clips: Box[]): string {
  switch (mark.kind) {
    case 'text':
      return writeText(mark);
    case 'line':
      return `<line ${attributes({ x1: mark.from.x, y1: mark.from.y, x2: mark.to.x, y2: mark.to.y, ...stroke(mark.stroke) })}/>`;
    case 'path':
      return writePath(mark);
    case 'rect':
      return `<rect ${attributes({ ...boxAttributes(mark), ...fill(mark.fill), ...stroke(mark.stroke) })}/>`;
    case 'circle': {
      const { centre, radius } = mark;
      return `<circle ${attributes({ cx: centre.x, cy: centre.y, r: radius, ...fill(mark.fill), ...stroke(mark.stroke) })}/>`;
    }
    case 'image':
      return writeImage(mark);
    case 'group':
      return writeGroup(mark, clips);
  }
}

function writeText({ text, x, y, size, anchor, colour, bold, rotate }: TextMark): string {
  const at =
    rotate === 0 ? { x, y } : { transform: `translate(${number(x)} ${number(y)}) rotate(${number(rotate)})` };
  const look = {
    ...at,
    'font-size': size === print.textSize ? undefined : size,
    'font-weight': bold ? 700 : undefined,
    'text-anchor': anchor === 'start' ? undefined : anchor,
    fill: colour,
  };
  return `<text ${attributes(look)}>${escape(text)}</text>`;
}

function writePath({ lines, closed, ...look }: PathMark): string {
  const point = ({ x, y }: Point): string => `${number(x)},${number(y)}`;
  const d = lines
    .filter((points) => points.length > 0)
    .map((points) => `M${points.map(point).join('L')}${closed ? 'Z' : ''}`)
    .join('');
  const rule = closed && lines.length > 1 ? { 'fill-rule': 'evenodd' } : {};
  return `<path ${attributes({ d, ...fill(look.fill), ...rule, ...stroke(look.stroke), ...(look.stroke ? { 'stroke-linejoin': 'round' } : {}) })}/>`;
}

function writeImage(mark: ImageMark): string {
  const href = `data:image/png;base64,${toBase64(encodePicture(mark))}`;
  const look = { ...boxAttributes(mark), preserveAspectRatio: 'none', style: 'image-rendering:pixelated' };
  return `<image ${attributes(look)} xlink:href="${href}"/>`;
}

function writeGroup({ x, y, clip, marks }: GroupMark, clips: Box[]): string {
  const look = {
    transform: x === 0 && y === 0 ? undefined : `translate(${number(x)} ${number(y)})`,
    'clip-path': clip === null ? undefined : `url(#clip${clips.push(clip) - 1})`,
  };
  const inner = marks.map((mark) => writeMark(mark, clips)).join('\n');
  const head = attributes(look);
  return head === '' ? inner : `<g ${head}>\n${inner}\n</g>`;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function attributes(values: Attributes): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${typeof value === 'number' ? number(value) : escape(String(value))}"`)
    .join(' ');
}

function boxAttributes({ x, y, width, height }: Box): Attributes {
  return { x, y, width, height };
}

function fill(look: Fill | null): Attributes {
  return { fill: look?.colour ?? 'none', 'fill-opacity': look?.opacity };
}

function stroke(look: Stroke | null): Attributes {
  if (look === null) return {};
  return {
    stroke: look.colour,
    'stroke-width': look.width,
    'stroke-dasharray': look.dash?.join(' '),
    'stroke-opacity': look.opacity,
  };
}

/** At most two decimals: a hundredth of a point is finer than any printer. */
function number(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escape(content: string): string {
  // Control characters may not stand in XML, escaped or not.
  return content
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
