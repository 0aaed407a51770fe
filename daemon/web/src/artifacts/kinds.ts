// How an artifact is shown, by what its bytes are.

import type { Artifact, ArtifactRef } from '../api/types.ts';
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
  document: 'document',
};

/** What assistd itself keeps, and the plugins that come with it make. */
export const usualKinds: string[] = ['file', ...Object.keys(icons)];

/** As people tell it from others: by what it was named, or by what it was made with: “cca, N = 500, seed 7”. */
export function descriptionOf({ name, metadata, seed }: Pick<Artifact, 'name' | 'metadata' | 'seed'>): string {
  if (typeof metadata.name === 'string' && metadata.name) return metadata.name;
  if (typeof metadata.algorithm !== 'string') return name;
  const { algorithm, dimensions, n_particles: particles } = metadata;
  const parts = [algorithm, dimensions === 2 && '2-D', typeof particles === 'number' && `N = ${particles}`, seed && `seed ${seed}`];
  return parts.filter(Boolean).join(', ');
}

// Of what was uploaded, and of what other plugins make, the bytes tell more than the kind.
const iconsOfBytes: Record<Presentation, IconName> = {
  image: 'image',
  particles: 'cube',
  table: 'table',
  json: 'braces',
  source: 'document',
  audio: 'play',
  file: 'file',
};

export function iconOf(artifact: Pick<ArtifactRef, 'kind' | 'media_type'>): IconName {
  return icons[artifact.kind] ?? (artifact.media_type === 'application/pdf' ? 'document' : iconsOfBytes[presentationOf(artifact)]);
}

/** As people call it: the ending of its name, "CSV"; of one without, what its type says. */
export function formatOf({ name, media_type }: Pick<ArtifactRef, 'name' | 'media_type'>): string {
  const ending = /[^.]\.([a-z][a-z0-9]{0,5})$/i.exec(name)?.[1];
  const type = media_type.split(';')[0]!.split('/').at(-1)!.replace(/^x-/, '');
  return (ending ?? (type === 'octet-stream' ? '' : type)).toUpperCase();
}
