// A file that has been uploaded before: nobody wants it twice in his lists, and in what is searched.

import { removedArtifacts } from '../artifacts/removed.ts';
import { get } from './client.ts';
import type { Artifact } from './types.ts';

/** The first one of its kind with the same content that was there before it. */
export async function earlierOf({ id, kind, sha256 }: Artifact): Promise<Artifact | null> {
  const { artifacts } = await get<{ artifacts: Artifact[] }>('/artifacts', { query: { kind, q: sha256, limit: 100 } });
  const first = artifacts.findLast((one) => !removedArtifacts.value.has(one.id));
  return !first || first.id === id ? null : first;
}
