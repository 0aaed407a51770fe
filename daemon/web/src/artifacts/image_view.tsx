// A picture or a drawn plot. Its place is kept while it loads.

import { useState } from 'preact/hooks';

import type { ArtifactRef } from '../api/types.ts';
import { openArtifact } from './opened.ts';

export function ImageView({ artifact }: { artifact: ArtifactRef }) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  if (state === 'failed')
    return (
      <p class="artifact-pad ui-error" role="alert">
        The picture cannot be shown. It may have been deleted, or assistd does not answer.{' '}
        <button type="button" class="ui-button is-small" onClick={() => setState('loading')}>
          Try again
        </button>
      </p>
    );
  return (
    <button type="button" class="image-view" data-state={state} onClick={() => openArtifact(artifact.handle)} aria-label={`Show ${artifact.handle} in the whole window`}>
      <img
        src={artifact.url}
        alt={`${artifact.kind} ${artifact.handle}: ${artifact.name}`}
        decoding="async"
        onLoad={() => setState('loaded')}
        onError={() => setState('failed')}
      />
    </button>
  );
}
