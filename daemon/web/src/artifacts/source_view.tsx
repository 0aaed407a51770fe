// Text and source: as it is, with line breaks kept; long ones fold after some lines.

import { useState } from 'preact/hooks';

import type { ArtifactRef } from '../api/types.ts';
import { CopyButton } from '../ui/buttons.tsx';
import { useText } from './content.ts';
import { Waiting } from './loading.tsx';

const foldedLines = 24;
const mostShown = 400_000;

export function SourceView({ artifact }: { artifact: ArtifactRef }) {
  const content = useText(artifact, mostShown);
  if (content.state !== 'loaded') return <Waiting loading={content} />;
  return <SourceText text={content.value.text} isWhole={content.value.isWhole} />;
}

export function SourceText({ text, isWhole }: { text: string; isWhole: boolean }) {
  const [whole, setWhole] = useState(false);
  const lines = text.split('\n');
  const isLong = lines.length > foldedLines + 4;
  const shown = isLong && !whole ? lines.slice(0, foldedLines).join('\n') : text;
  return (
    <div class="source">
      <div class="source-copy">
        <CopyButton label="Copy the text" text={() => text} />
      </div>
      <pre tabIndex={0}>
        <code>{shown}</code>
      </pre>
      {(isLong || !isWhole) && (
        <p class="table-count ui-soft ui-small">
          {isLong && (
            <button type="button" class="ui-button is-small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? 'Show less' : `Show all ${lines.length.toLocaleString('en')} lines`}
            </button>
          )}
          {!isWhole && 'This is the beginning; download it to see all.'}
        </p>
      )}
    </div>
  );
}
