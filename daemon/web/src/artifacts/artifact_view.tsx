// Shows an artifact where it belongs: a card with its name and a link to its bytes.

import type { ArtifactRef } from '../api/types.ts';

export function ArtifactView({ artifact }: { artifact: ArtifactRef }) {
  return (
    <a class="ui-button" href={artifact.url} download={artifact.name}>
      {artifact.name}
    </a>
  );
}
