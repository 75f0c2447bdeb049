import PDFDocument from 'pdfkit';
import { encodePicture } from '../../../shared/figures/picture-data.ts';
import type {
  Fill,
  GroupMark,
  ImageMark,
  Mark,
  PathMark,
  Scene,
  Stroke,
  TextMark,
} from '../../../shared/figures/scene.ts';
import { printFont } from './print-font.ts';

type Document = PDFKit.PDFDocument;

/**
 * A scene as a PDF of one page of exactly its size: vectors, text as text in an embedded font, its runs among the
 * keywords.
 */
export async function writePdf(scene: Scene, createdAt: Date): Promise<Uint8Array<ArrayBuffer>> {
  const document = openDocument(scene, createdAt);
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  for (const mark of scene.marks) drawMark(document, mark);
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

function openDocument(scene: Scene, createdAt: Date): Document {
  const { regular, bold } = printFont();
  const document = new PDFDocument({
    size: [scene.width, scene.height],
    margin: 0,
    compress: true,
    font: regular as unknown as string,
    displayTitle: true,
    lang: 'en',
    info: {
      Title: scene.title,
      Subject: scene.description,
      Author: scene.creator,
      Creator: scene.creator,
      Producer: scene.creator,
      Keywords: scene.runIds.map((id) => `run ${id}`).join(', '),
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  });
  document.registerFont('regular', regular);
  document.registerFont('bold', bold);
  return document;
}

function drawMark(document: Document, mark: Mark): void {
  switch (mark.kind) {
    case 'text':
      return drawText(document, mark);
    case 'line':
      document.moveTo(mark.from.x, mark.from.y).lineTo(mark.to.x, mark.to.y);
      return paint(document, null, mark.stroke, false);
    case 'path':
      return drawPath(document, mark);
    case 'rect':
      document.rect(mark.x, mark.y, mark.width, mark.height);
      return paint(document, mark.fill, mark.stroke, false);
    case 'circle':
      document.circle(mark.centre.x, mark.centre.y, mark.radius);
      return paint(document, mark.fill, mark.stroke, false);
    case 'image':
      return drawImage(document, mark);
    case 'group':
      return drawGroup(document, mark);
  }
}

function drawText(document: Document, mark: TextMark): void {
  document.font(mark.bold ? 'bold' : 'regular').fontSize(mark.size);
  const width = document.widthOfString(mark.text);
  const shift = mark.anchor === 'start' ? 0 : mark.anchor === 'middle' ? width / 2 : width;
  document.save();
  document.translate(mark.x, mark.y);
  if (mark.rotate !== 0) document.rotate(mark.rotate);
  document.fillColor(mark.colour).fillOpacity(1);
  document.text(mark.text, -shift, 0, { lineBreak: false, baseline: 'alphabetic' });
  document.restore();
}

function drawPath(document: Document, { lines, closed, fill, stroke }: PathMark): void {
  const drawn = lines.filter((points) => points.length > 0);
  if (drawn.length === 0) return;
  for (const points of drawn) {
    points.forEach(({ x, y }, i) => (i === 0 ? document.moveTo(x, y) : document.lineTo(x, y)));
    if (closed) document.closePath();
  }
  paint(document, fill, stroke, closed && lines.length > 1);
}

/** Fills and strokes the path that was laid. */
function paint(document: Document, fill: Fill | null, stroke: Stroke | null, evenOdd: boolean): void {
  if (stroke !== null) {
    document.lineWidth(stroke.width).lineJoin('round').lineCap('butt');
    if (stroke.dash === undefined) document.undash();
    else document.dash(stroke.dash as unknown as number, {});
    document.strokeColor(stroke.colour).strokeOpacity(stroke.opacity ?? 1);
  }
  if (fill !== null) document.fillColor(fill.colour).fillOpacity(fill.opacity ?? 1);
  const rule = evenOdd ? 'even-odd' : 'non-zero';
  if (fill !== null && stroke !== null) document.fillAndStroke(undefined, undefined, rule);
  else if (fill !== null) document.fill(rule);
  else if (stroke !== null) document.stroke();
  else document.addContent('n');
}

function drawImage(document: Document, mark: ImageMark): void {
  const { x, y, width, height } = mark;
  document.fillOpacity(1);
  document.image(Buffer.from(encodePicture(mark)), x, y, { width, height });
}

function drawGroup(document: Document, { x, y, clip, marks }: GroupMark): void {
  document.save();
  if (x !== 0 || y !== 0) document.translate(x, y);
  if (clip !== null) document.rect(clip.x, clip.y, clip.width, clip.height).clip();
  for (const mark of marks) drawMark(document, mark);
  document.restore();
}
