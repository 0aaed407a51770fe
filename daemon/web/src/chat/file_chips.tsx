// The files that came with a message: what each is; pressed, it is shown.

import { useState } from 'preact/hooks';
import type { ArtifactRef } from '../api/types.ts';
import { iconOf, presentationOf } from '../artifacts/kinds.ts';
import { openArtifact } from '../artifacts/opened.ts';
import { sizeText } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';

const largestPreview = 20_000_000;

export function FileChips({ files }: { files: ArtifactRef[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="said-attachments" aria-label="Sent with the message">
      {files.map((file) => (
        <li key={file.id}>
          <Chip file={file} />
        </li>
      ))}
    </ul>
  );
}

function Chip({ file }: { file: ArtifactRef }) {
  const [isShowable, setShowable] = useState(presentationOf(file) === 'image' && file.size <= largestPreview);
  // Of some, nothing but their id is known.
  const name = file.name === file.id ? (presentationOf(file) === 'image' ? 'Picture' : 'File') : file.name;
  return (
    <button type="button" class="file-chip" title={name} onClick={() => openArtifact(file.handle)}>
      {isShowable ? (
        <img class="attached-preview" src={file.url} alt="" loading="lazy" decoding="async" onError={() => setShowable(false)} />
      ) : (
        <Icon name={iconOf(file)} size={16} />
      )}
      <span class="attached-name" dir="auto">{name}</span>
      {file.size > 0 && <span class="ui-soft ui-small">{sizeText(file.size)}</span>}
    </button>
  );
}
