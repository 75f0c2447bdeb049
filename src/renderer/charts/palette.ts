import type { Settings } from '../state/settings.svelte.ts';
import { runSlots } from './run-slots.ts';

type Theme = Settings['theme'];

/** Okabe and Ito's colours, told apart by colour-blind readers too; without black and with yellow last. */
const OKABE_ITO = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'] as const;

/** The same hues, those too pale for a line on white darkened until they stand out 3:1. */
const ON_LIGHT = ['#0072b2', '#d55e00', '#008f68', '#b8578d', '#b87700', '#2787bd', '#7d7400'] as const;

/** The same hues, those too dark for a line on near-black lightened. */
const ON_DARK = ['#2a8fd0', ...OKABE_ITO.slice(1)] as const;

const PALETTES: Readonly<Record<Theme, readonly string[]>> = { light: ON_LIGHT, dark: ON_DARK };

/**
 * A run's hue, the same everywhere and in every window, in the shade that stands out from a theme's ground: by its id,
 * or another one where it was compared with a run of the same hue.
 */
export function runColour(runId: string, theme: Theme): string {
  return classColour(runSlots.slotOf(runId), theme);
}

/** Turns of the colour wheel between neighbours, so that no two of a few dozen are alike. */
const GOLDEN_TURN = 0.618_033_988_75;

/** A class's colour as #rrggbb: the runs' hues first, then generated ones. */
export function classColour(index: number, theme: Theme): string {
  const listed = PALETTES[theme][index];
  if (listed !== undefined) return listed;
  const hue = (index * GOLDEN_TURN * 360) % 360;
  const lightness = (theme === 'light' ? 0.4 : 0.62) + ((index % 3) - 1) * 0.06;
  return hexOf(hue, 0.55, lightness);
}

/** #rrggbb of hue in degrees, saturation and lightness in [0, 1]. */
function hexOf(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const turn = (offset + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
