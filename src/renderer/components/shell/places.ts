import type { IconName } from '../shared/icons.ts';
import type { Route } from '../../state/route.ts';

/** A place of the left rail, with its number key. */
export interface Place {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  readonly route: Route;
  /** Routes that belong to it. */
  readonly holds: readonly Route['name'][];
}

export const PLACES: readonly Place[] = [
  {
    key: '1',
    label: 'Gallery',
    icon: 'gallery',
    route: { name: 'gallery' },
    holds: ['gallery', 'experiment'],
  },
  { key: '2', label: 'Data', icon: 'data', route: { name: 'data', id: null }, holds: ['data'] },
  {
    key: '3',
    label: 'Runs',
    icon: 'runs',
    route: { name: 'runs' },
    holds: ['runs', 'run', 'run-experiment', 'pad'],
  },
  { key: '4', label: 'Studies', icon: 'studies', route: { name: 'studies' }, holds: ['studies', 'study'] },
  {
    key: '5',
    label: 'Compare',
    icon: 'compare',
    route: { name: 'compare', runIds: [] },
    holds: ['compare', 'side-by-side'],
  },
  { key: '6', label: 'Report', icon: 'report', route: { name: 'report', id: null }, holds: ['report'] },
  { key: '7', label: 'Settings', icon: 'settings', route: { name: 'settings' }, holds: ['settings'] },
];
