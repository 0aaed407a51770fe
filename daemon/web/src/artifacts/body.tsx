// The inside of an artifact, by what its bytes are.

import type { ArtifactRef } from '../api/types.ts';
import { ParticleView } from '../particles/particle_view.tsx';
import { useAbout } from './about.ts';
import { DataView } from './data_view.tsx';
import { ImageView } from './image_view.tsx';
import { openedPassage } from './opened.ts';
import { presentationOf } from './kinds.ts';
import { SourceView } from './source_view.tsx';
import { StudyView } from './study_view.tsx';

export function ArtifactBody({ artifact, whole = false }: { artifact: ArtifactRef; whole?: boolean }) {
  const shown = presentationOf(artifact);
  const about = useAbout(artifact.handle, shown === 'particles' || shown === 'image' || whole);
  switch (shown) {
    case 'image':
      return <ImageView artifact={artifact} about={about} />;
    case 'particles':
      return <ParticleView artifact={artifact} about={about} whole={whole} />;
    case 'table':
      return <DataView artifact={artifact} isJson={false} whole={whole} />;
    case 'json':
      if (artifact.kind === 'study') return <StudyView artifact={artifact} whole={whole} />;
      return <DataView artifact={artifact} isJson whole={whole} />;
    case 'source':
      return <SourceView artifact={artifact} passage={whole ? (openedPassage.value?.text ?? null) : null} />;
    case 'audio':
      return <audio class="artifact-pad" controls preload="none" src={artifact.url} aria-label={artifact.name} />;
    case 'file':
      return null;
  }
}
