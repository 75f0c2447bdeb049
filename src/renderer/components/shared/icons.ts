/** Line icons on a 16 x 16 grid, drawn with a 1.5 px stroke of the text's colour. */
export const ICONS = {
  gallery: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z',
  runs: 'M2 3.5h12M2 8h12M2 12.5h12',
  settings: 'M2 4.5h6M11.5 4.5H14M2 11.5h2.500M8 11.500h6M9.75 2.750v3.500M6.25 9.750v3.5',
  search: 'M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3 14 14',
  play: 'M4.5 2.800v10.400l8.5-5.200z',
  pause: 'M5 3v10M11 3v10',
  stop: 'M4 4h8v8H4z',
  resume: 'M3 3v10M6.5 3.200v9.600l7-4.800z',
  edit: 'M2.5 13.500l.7-3L10.5 3.200l2.3 2.3-7.3 7.300zM9 4.700l2.3 2.3',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  remove: 'M3.5 3.500l9 9M12.5 3.500l-9 9',
  plus: 'M8 3v10M3 8h10',
  delete: 'M2.5 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9M6.8 7v4M9.2 7v4',
  check: 'M3 8.500l3.2 3.200L13 4.8',
  warning: 'M8 2.5 14.5 13.500h-13zM8 6.500v3.200M8 11.500v.3',
  failed: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM5.8 5.800l4.4 4.400M10.2 5.800l-4.4 4.4',
  queued: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.800V8l2.3 1.7',
  cancelled: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM3.8 3.800l8.4 8.4',
  running: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.7 5.500v5l3.8-2.500z',
  paused: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.5 5.700v4.600M9.5 5.700v4.6',
  crashed: 'M9.2 1.8 3.5 9h3.700l-.8 5.200L12.5 7H8.600z',
  tag: 'M2.5 2.500h5l6 6-5 5-6-6zM5.3 5.300v.1',
  engine:
    'M4.5 4.500h7v7h-7zM6.5 2v2.500M9.5 2v2.500M6.5 11.500V14M9.5 11.500V14M2 6.500h2.500M2 9.500h2.500M11.5 6.500H14M11.5 9.500H14',
  download: 'M8 2.500v7.500M4.8 7l3.2 3.200L11.2 7M2.5 13.500h11',
  more: 'M6 3.5 10.5 8 6 12.5',
  help: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.3 6.300c0-2.3 3.5-2.2 3.4-.1 0 1.3-1.7 1.4-1.7 2.800M8 11.300v.2',
} as const;

export type IconName = keyof typeof ICONS;
