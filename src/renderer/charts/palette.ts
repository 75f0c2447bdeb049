/** Okabe and Ito's colours, told apart by colour-blind readers too; without black and with yellow last. */
const OKABE_ITO = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'] as const;

/** A run's colour, the same everywhere and in every window. */
export function runColour(runId: string): string {
  let hash = 0;
  for (const character of runId) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return OKABE_ITO[hash % OKABE_ITO.length] ?? OKABE_ITO[0];
}
