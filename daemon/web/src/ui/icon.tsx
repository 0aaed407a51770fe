// The page's icons, drawn in lines on a grid of 24. They say nothing to screen readers: the button around one does.

const paths = {
  add: 'M12 5v14M5 12h14',
  archive: 'M4 8v11h16V8M3 4h18v4H3zM10 12h4',
  arrow_down: 'M12 5v14M6 13l6 6 6-6',
  arrow_up: 'M12 19V5M6 11l6-6 6 6',
  attach: 'M20 11.5l-8.2 8.2a5.3 5.3 0 01-7.5-7.5L12.5 4a3.6 3.6 0 015 5l-8.1 8.2a1.8 1.8 0 01-2.6-2.6L14.4 7',
  back: 'M15 5l-7 7 7 7',
  braces: 'M9 4c-2.5 0-3 1-3 3v2.5c0 1.5-.7 2.5-2 2.5 1.3 0 2 1 2 2.5V17c0 2 .5 3 3 3M15 4c2.5 0 3 1 3 3v2.5c0 1.5.7 2.5 2 2.5-1.3 0-2 1-2 2.5V17c0 2-.5 3-3 3',
  chat: 'M4 5h16v11H10l-5 4v-4H4z',
  check: 'M5 12.5l4.5 4.5L19 7',
  chevron_down: 'M6 9l6 6 6-6',
  chevron_right: 'M9 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  cube: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  delete: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  expand: 'M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5',
  failed: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 8v5M12 16.2v.1',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  folder: 'M3 6h6l2 2h10v11H3z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-2.5 4 3.5M15.5 9.2v.1',
  key: 'M7.5 11a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM11 12.5L20 3.5M16 7.5l3 3',
  keyboard: 'M3 6h18v12H3zM7 10h.1M11 10h.1M15 10h.1M17 10h.1M7 14h10',
  menu: 'M4 7h16M4 12h16M4 17h16',
  moon: 'M20 14.5A8 8 0 019.5 4 8 8 0 1020 14.5z',
  more: 'M5 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M11.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M17.4 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0',
  play: 'M7 5l12 7-12 7z',
  plot: 'M4 4v16h16M7 15l4-5 3 3 5-7',
  quote: 'M5 6h14M5 10h14M5 14h9M5 18h6',
  refresh: 'M20 12a8 8 0 11-2.6-5.9M20 4v5h-5',
  restore: 'M4 12a8 8 0 102.6-5.9M4 4v5h5',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l5 5',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M6 14.5v5',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z',
  stop: 'M7 7h10v10H7z',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  table: 'M4 5h16v14H4zM4 10h16M10 5v14',
  thumb_down: 'M7 13.5V4h9.5a2 2 0 012 1.6l1.3 6a2 2 0 01-2 2.4H13l1 4.5a1.7 1.7 0 01-3.1 1.2L7 13.5zM7 13.5H4V4h3',
  thumb_up: 'M7 10.5V20h9.5a2 2 0 002-1.6l1.3-6a2 2 0 00-2-2.4H13l1-4.5a1.7 1.7 0 00-3.1-1.2L7 10.5zM7 10.5H4V20h3',
  tool: 'M14.5 6.5a4 4 0 015-1l-2.7 2.7.9 2 2 .9L22 8.5a4 4 0 01-5.5 4.5L9 20.5a2 2 0 01-3-3l7.5-7.5a4 4 0 011-3.5z',
  upload: 'M12 16V5M7 9l5-5 5 5M4 20h16',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg class="ui-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
