import { ARIMO_BOLD, ARIMO_REGULAR, type WidthGroups } from './arimo-widths.ts';

const UNITS_PER_EM = 2048;
/** What is not in the table is taken to be as wide as a wide letter. */
const UNKNOWN_WIDTH = 1479;

function byCharacter(groups: WidthGroups): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(groups).flatMap(([width, characters]) =>
      Array.from(characters, (character) => [character, Number(width)] as const),
    ),
  );
}

const widths = { regular: byCharacter(ARIMO_REGULAR), bold: byCharacter(ARIMO_BOLD) };

/** Width of a line of text in points, by the print font's own advance widths (Arial's, too). */
export function textWidth(text: string, sizePt: number, bold = false): number {
  const table = bold ? widths.bold : widths.regular;
  let units = 0;
  for (const character of text) units += table.get(character) ?? UNKNOWN_WIDTH;
  return (units / UNITS_PER_EM) * sizePt;
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function fitText(text: string, maximumPt: number, sizePt: number, bold = false): string {
  if (textWidth(text, sizePt, bold) <= maximumPt) return text;
  const characters = Array.from(text);
  for (let length = characters.length - 1; length > 0; length--) {
    const cut = `${characters.slice(0, length).join('').trimEnd()}…`;
    if (textWidth(cut, sizePt, bold) <= maximumPt) return cut;
  }
  return '…';
}

/** The text in lines that fit, broken at spaces; a word too long for a line is cut. */
export function wrapText(text: string, maximumPt: number, sizePt: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const joined = `${last ?? ''} ${word}`;
    if (last !== undefined && textWidth(joined, sizePt, bold) <= maximumPt) lines[lines.length - 1] = joined;
    else lines.push(fitText(word, maximumPt, sizePt, bold));
  }
  return lines;
}
