// The text of an artifact, or of a large one its beginning.

import { useEffect, useState } from 'preact/hooks';

import { isAbort, mayPass, send, sentenceOf } from '../api/client.ts';
import type { ArtifactRef } from '../api/types.ts';
import { type Decoded, decoded } from './decoded.ts';

const mostBytes = 4_000_000;

export interface Content extends Decoded {
  isWhole: boolean;
}

// `retry` is null where the same would come again.
export type Loading<T> = { state: 'loading' } | { state: 'failed'; sentence: string; retry: (() => void) | null } | { state: 'loaded'; value: T };

async function fetchText(artifact: ArtifactRef, most: number, signal: AbortSignal): Promise<Content> {
  const isWhole = artifact.size <= most;
  const headers: Record<string, string> = isWhole ? {} : { Range: `bytes=0-${most - 1}` };
  const reply = await send('GET', artifact.url, { headers, signal });
  return { ...decoded(new Uint8Array(await reply.arrayBuffer()), isWhole), isWhole };
}

/** Whatever `fetch` gives for `key`; asked again when the key changes. */
export function useLoaded<T>(key: string, fetch: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loading<T>>({ state: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    setLoaded({ state: 'loading' });
    fetch(stop.signal).then(
      (value) => setLoaded({ state: 'loaded', value }),
      (error: unknown) => {
        if (isAbort(error)) return;
        setLoaded({ state: 'failed', sentence: sentenceOf(error), retry: mayPass(error) ? () => setAttempt(attempt + 1) : null });
      },
    );
    return () => stop.abort();
  }, [key, attempt]);
  return loaded;
}

export function useText(artifact: ArtifactRef, most = mostBytes): Loading<Content> {
  return useLoaded(artifact.id, (signal) => fetchText(artifact, most, signal));
}
