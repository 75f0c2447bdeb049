import type { SettingValue } from '../../shared/schema/comparison.ts';
import { plainTick } from '../charts/chart.ts';

/** Parts of a path that say nothing which the rest does not. */
const SILENT = new Set(['training', 'model', 'data', 'kind']);

/** A field's path in words, e.g. "optimizer learning rate" of "training.optimizer.learningRate". */
export function settingLabel(path: string): string {
  const parts = path.split('.');
  const telling = parts.filter((part) => !SILENT.has(part));
  const words = (telling.length === 0 ? parts.slice(-1) : telling).map((part) =>
    /^\d+$/.test(part) ? String(Number(part) + 1) : part.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
  );
  return words.join(' ');
}

/** A setting's value as it is read; "none" for what a run lacks. */
export function settingText(value: SettingValue): string {
  if (value === null) return 'none';
  if (typeof value === 'number') return plainTick(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}
