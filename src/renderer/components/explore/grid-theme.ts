import type { GridTheme } from './grid-painter.ts';

/** The tokens of the theme in force at an element, for what is drawn on a canvas. */
export function readGridTheme(element: Element): GridTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: token('--ground'),
    quiet: token('--hover'),
    text: token('--text'),
    failed: token('--failed'),
    accent: token('--accent'),
    font: style.fontFamily,
  };
}
