import type { PublishedResult } from '../../../shared/schema/variant.ts';
import { formatMetric } from '../../text/format.ts';

/** A published number as it is read, or its words where there is no number. */
export function publishedText({ metric, value }: PublishedResult): string {
  return value === null ? 'in words' : formatMetric(metric, value);
}

/** All that was published, a line each, for a tooltip. */
export function publishedLines(published: readonly PublishedResult[]): string {
  return published
    .map((result) => {
      const variant = result.variant === null ? '' : ` (${result.variant})`;
      const note = result.note === '' ? '' : `. ${result.note}`;
      return `${result.label}${variant}: ${publishedText(result)}${note}`;
    })
    .join('\n');
}
