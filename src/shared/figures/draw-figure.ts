import type { FigureSpec, PrintOptions, SingleFigure } from '../schema/figure.ts';
import { describeFigure } from './describe.ts';
import { drawKind } from './kinds/index.ts';
import { drawLegend, underLegend, type LegendEntry } from './legend.ts';
import { group, text, type Drawing, type Mark, type Scene } from './scene.ts';
import { textWidth, wrapText } from './text-width.ts';
import { POINTS_PER_MM, print } from './theme.ts';

type PanelsFigure = Extract<FigureSpec, { kind: 'panels' }>;

/** What a figure's file says about where it comes from. */
export interface FigureOrigin {
  /** The program's name and version. */
  readonly creator: string;
}

/** White around everything, so that strokes on the edge are whole. */
const MARGIN = 2;
const PANEL_GAP = 12;
const CAPTION_SIZE = 6;

/** A figure drawn for print, at exactly the width asked for and as high as it needs. */
export function drawFigure(figure: FigureSpec, options: PrintOptions, { creator }: FigureOrigin): Scene {
  const width = options.widthMm * POINTS_PER_MM;
  const inner = width - 2 * MARGIN;
  const parts = [
    ...(options.heading ? [drawTitle(figure.title, inner)] : []),
    figure.kind === 'panels' ? drawPanels(figure, inner) : drawSingle(figure, inner),
    ...(options.caption ? [drawCaption(figure, creator, inner)] : []),
  ];
  const body = stack(parts);
  return {
    width,
    height: body.height + 2 * MARGIN,
    marks: [group({ x: MARGIN, y: MARGIN }, body.marks)],
    title: figure.title,
    description: describeFigure(figure),
    runIds: figure.runIds,
    creator,
  };
}

function stack(drawings: readonly Drawing[]): Drawing {
  const marks: Mark[] = [];
  let height = 0;
  for (const drawing of drawings) {
    marks.push(group({ x: 0, y: height }, drawing.marks));
    height += drawing.height;
  }
  return { height, marks };
}

function drawTitle(title: string, width: number): Drawing {
  const lines = title === '' ? [] : wrapText(title, width, print.textSize, true);
  return {
    height: lines.length === 0 ? 0 : lines.length * print.lineHeight + print.gap,
    marks: lines.map((content, i) =>
      text(content, { x: 0, y: print.textSize - 1 + i * print.lineHeight }, { bold: true }),
    ),
  };
}

function drawCaption({ runIds }: FigureSpec, creator: string, width: number): Drawing {
  const runs = runIds.length === 0 ? '' : ` · ${runIds.length === 1 ? 'run' : 'runs'} ${runIds.join(', ')}`;
  const lines = wrapText(`${creator}${runs}`, width, CAPTION_SIZE);
  const pitch = CAPTION_SIZE + 1.5;
  return {
    height: lines.length * pitch + print.gap,
    marks: lines.map((content, i) =>
      text(
        content,
        { x: 0, y: print.gap + CAPTION_SIZE + i * pitch },
        { size: CAPTION_SIZE, colour: print.quiet },
      ),
    ),
  };
}

function drawSingle(figure: SingleFigure, width: number): Drawing {
  const { legend, body } = drawKind(figure, width);
  return underLegend(drawLegend(legend, width), body);
}

/** Panels in rows, each lettered; a legend that is the same in all of them stands once, above. */
function drawPanels({ figures, columns }: PanelsFigure, width: number): Drawing {
  const used = Math.min(columns, figures.length);
  const panelWidth = (width - (used - 1) * PANEL_GAP) / used;
  const drawn = figures.map((figure) => ({ figure, ...drawKind(figure, panelWidth) }));
  const shared = sharedLegend(drawn.map(({ legend }) => legend));
  const panels = drawn.map(({ figure, legend, body }, i) =>
    stack([
      drawPanelTitle(figure.title, i, figures.length, panelWidth),
      shared === null ? underLegend(drawLegend(legend, panelWidth), body) : body,
    ]),
  );
  const rows = Array.from({ length: Math.ceil(panels.length / used) }, (_, row) =>
    drawRow(panels.slice(row * used, (row + 1) * used), panelWidth),
  );
  return underLegend(shared === null ? { height: 0, marks: [] } : drawLegend(shared, width), stack(rows));
}

function drawRow(panels: readonly Drawing[], panelWidth: number): Drawing {
  return {
    height: Math.max(...panels.map(({ height }) => height)) + PANEL_GAP / 2,
    marks: panels.map((panel, i) => group({ x: i * (panelWidth + PANEL_GAP), y: 0 }, panel.marks)),
  };
}

/** "a  Loss", letters as journals want them. */
function drawPanelTitle(title: string, index: number, count: number, width: number): Drawing {
  const letter = count > 1 && count <= 26 ? String.fromCharCode(97 + index) : '';
  const indent = letter === '' ? 0 : textWidth(letter, print.textSize, true) + 5;
  const lines = title === '' ? [] : wrapText(title, width - indent, print.textSize);
  const y = print.textSize - 1;
  return {
    height: Math.max(1, lines.length) * print.lineHeight + 2,
    marks: [
      ...(letter === '' ? [] : [text(letter, { x: 0, y }, { bold: true })]),
      ...lines.map((content, i) => text(content, { x: indent, y: y + i * print.lineHeight })),
    ],
  };
}

/** The legend all panels have; null where they differ. */
function sharedLegend(legends: readonly (readonly LegendEntry[])[]): readonly LegendEntry[] | null {
  const [first, ...rest] = legends;
  if (first === undefined || first.length < 2 || rest.length === 0) return null;
  const names = JSON.stringify(first);
  return rest.every((legend) => JSON.stringify(legend) === names) ? first : null;
}
