import type { FigureAxis } from '../../schema/figure.ts';

/** An axis that follows its data, but for what is said. */
export function axis(title: string, options: Partial<Omit<FigureAxis, 'title'>> = {}): FigureAxis {
  return {
    title,
    scale: 'linear',
    percent: false,
    minimum: null,
    maximum: null,
    categories: null,
    ...options,
  };
}

/** "Sale price (USD)", or the name alone where there is no unit. */
export function withUnit(name: string, unit: string | null): string {
  return unit === null ? name : `${name} (${unit})`;
}
