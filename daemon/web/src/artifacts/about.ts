// What the daemon knows about artifacts beside their bytes. It never changes, so it is asked once.

import { useEffect, useState } from 'preact/hooks';

import { get } from '../api/client.ts';
import type { Artifact } from '../api/types.ts';

const known = new Map<string, Promise<Artifact>>();
const mostKnown = 500;

export function aboutArtifact(handle: string): Promise<Artifact> {
  let asked = known.get(handle);
  if (!asked) {
    asked = get<Artifact>(`/artifacts/${encodeURIComponent(handle)}`);
    // A failure may pass.
    asked.catch(() => known.delete(handle));
    known.set(handle, asked);
    if (known.size > mostKnown) known.delete(known.keys().next().value!);
  }
  return asked;
}

export function forgetArtifact(handle: string): void {
  known.delete(handle);
}

/** Null until it is known; what cannot be learned stays so, since the artifact itself is shown all the same. */
export function useAbout(handle: string, wanted: boolean): Artifact | null {
  const [about, setAbout] = useState<Artifact | null>(null);
  useEffect(() => {
    let current = true;
    if (wanted)
      aboutArtifact(handle).then(
        (found) => current && setAbout(found),
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [handle, wanted]);
  return about?.handle === handle ? about : null;
}
