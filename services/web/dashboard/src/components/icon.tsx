const CIRCLE = 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z';

/** Drawn on a grid of 24, with strokes in the text's colour. */
const PATHS = {
  waiting: 'M7 3h10M7 21h10M8 3v3.5l4 5.5-4 5.5V21M16 3v3.5L12 12l4 5.5V21',
  queued: 'M4 6h16M4 12h16M4 18h9',
  loading: 'M12 3v12m0 0 4.5-4.5M12 15l-4.5-4.5M4 17v4h16v-4',
  prompt: 'M5 3h14v18H5zM9 8h6M9 12h6M9 16h3',
  generating: 'M2.5 12H7l3-8 4.5 16 3-8h4',
  completed: `${CIRCLE}m-4 9.2 2.8 2.8L16 9`,
  failed: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM9 9l6 6M15 9l-6 6',
  timeout: `${CIRCLE}m0 4v5l3.2 2`,
  cancelled: `${CIRCLE}M5.8 5.8l12.4 12.4`,
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M4.9 19.1l1.8-1.8M17.3 6.7l1.8-1.8',
  dark: 'M20.5 14.2A8.5 8.5 0 0 1 9.8 3.5a8.5 8.5 0 1 0 10.7 10.7z',
  system: 'M3 4h18v12H3zM8 21h8M12 16v5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  live: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM6.3 6.3a8 8 0 0 0 0 11.4M17.7 6.3a8 8 0 0 1 0 11.4',
  paused: 'M7 5v14h2V5zM15 5v14h2V5z',
  resume: 'M7 4.5v15l12-7.5z',
  alerts: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  previous: 'm14.5 5-7 7 7 7',
  next: 'm9.5 5 7 7-7 7',
  stale: `${CIRCLE}m0 5v5m0 3.2v.2`,
  reconnecting:
    'M20 11a8 8 0 0 0-14.3-4L3 9.5M3 4v5.5h5.5M4 13a8 8 0 0 0 14.3 4l2.7-2.5M21 20v-5.5h-5.5',
  connecting: 'M5 12h.1M12 12h.1M19 12h.1',
  error: 'M12 3.5 22 20.5H2zM12 10v4.5m0 3v.1',
  demo: 'M9 3h6M10 3v6.5L4.5 19a1.4 1.4 0 0 0 1.2 2h12.6a1.4 1.4 0 0 0 1.2-2L14 9.5V3M7.5 15h9',
  close: 'M6 6l12 12M18 6 6 18',
  overview: 'M3 12h4l3-8 4.5 16 3-8H21',
  history: 'M4 5v4.5h4.5M4.6 9.5A8.5 8.5 0 1 1 3.5 13.5M12 7.5V12l3 2',
  models: 'M12 2.5 21 7v10l-9 4.5L3 17V7zM3 7l9 4.5L21 7M12 11.5v10',
  apps: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  hosts: 'M3 4h18v7H3zM3 13h18v7H3zM7 7.5h.1M7 16.5h.1',
  bots: 'M5 8h14v11H5zM12 8V4M9.5 13h.1M14.5 13h.1M2.5 12v4M21.5 12v4',
  search: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM15 15l6 6',
  settings: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5',
  gpu: 'M7 7h10v10H7zM10 2v5M14 2v5M10 17v5M14 17v5M2 10h5M2 14h5M17 10h5M17 14h5',
  unseen: 'M3 12s3.5-6.5 9-6.5S21 12 21 12s-3.5 6.5-9 6.5S3 12 3 12zM4 20 20 4',
  missing: 'M12 3v10m0 0 4-4m-4 4-4-4M4 17h3m3 0h4m3 0h3M4 21h16',
  loaded: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: a word always stands beside it, or names its button. */
export function Icon({ name, class: className = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
