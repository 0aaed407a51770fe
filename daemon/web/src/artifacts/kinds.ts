// How an artifact is shown, by what its bytes are.

import type { ArtifactRef } from '../api/types.ts';
import type { IconName } from '../ui/icon.tsx';

export type Presentation = 'image' | 'particles' | 'table' | 'json' | 'source' | 'audio' | 'file';

const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/svg+xml', 'image/bmp']);
const sources = new Set([
  'application/x-tex',
  'application/x-latex',
  'application/xml',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/javascript',
]);

export function presentationOf({ media_type }: Pick<ArtifactRef, 'media_type'>): Presentation {
  const type = media_type.split(';')[0]!.trim().toLowerCase();
  if (images.has(type)) return 'image';
  if (type === 'application/x-npy') return 'particles';
  if (type === 'text/csv' || type === 'text/tab-separated-values') return 'table';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type.startsWith('audio/')) return 'audio';
  // HTML too: whoever made it, it is read here and never run.
  if (type.startsWith('text/') || sources.has(type) || type.endsWith('+xml')) return 'source';
  return 'file';
}

const icons: Record<string, IconName> = {
  simulation: 'cube',
  geometry: 'cube',
  plot: 'plot',
  image: 'plot',
  analysis: 'plot',
  table: 'table',
  comparison: 'table',
  study: 'table',
  report: 'document',
};

export const iconOf = (kind: string): IconName => icons[kind] ?? 'file';
