// A picture or a drawn plot. Its place is kept while it loads.

import { useState } from 'preact/hooks';

import { get } from '../api/client.ts';
import type { Artifact, ArtifactRef } from '../api/types.ts';
import { factsOf } from '../particles/facts.ts';
import { useLoaded } from './content.ts';
import { Waiting } from './loading.tsx';
import { openArtifact } from './opened.ts';

export function ImageView({ artifact, about }: { artifact: ArtifactRef; about: Artifact | null }) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  if (state === 'failed') return <NotShown artifact={artifact} retry={() => setState('loading')} />;
  return (
    <button type="button" class="image-view" data-state={state} onClick={() => openArtifact(artifact.handle)} aria-haspopup="dialog" title="Show it in the whole window">
      <img
        src={artifact.url}
        alt={toldOf(artifact, about)}
        decoding="async"
        onLoad={() => setState('loaded')}
        onError={() => setState('failed')}
      />
    </button>
  );
}

// What it shows, as far as whoever made it has said so.
function toldOf(artifact: ArtifactRef, about: Artifact | null): string {
  const { name } = about?.metadata ?? {};
  const facts = about ? factsOf(about.metadata).map((fact) => `${fact.label} ${fact.value}`) : [];
  return [`${artifact.kind} ${artifact.handle}: ${typeof name === 'string' ? name : artifact.name}`, ...facts].join(', ');
}

// Whether it is gone, out of reach or no picture: the browser does not say.
function NotShown({ artifact, retry }: { artifact: ArtifactRef; retry: () => void }) {
  const there = useLoaded(artifact.id, (signal) => get<Artifact>(`/artifacts/${encodeURIComponent(artifact.handle)}`, { signal }));
  if (there.state === 'loading') return <Waiting loading={there} />;
  if (there.state === 'failed') return <Waiting loading={{ ...there, retry: there.retry && retry }} />;
  return (
    <p class="artifact-pad ui-error" role="alert">
      This file says that it is a picture ({artifact.media_type}), and is none that the browser can show. Download it to see what it is.
    </p>
  );
}
