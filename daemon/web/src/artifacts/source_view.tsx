// Text and source: as it is, with line breaks kept; long ones fold after some lines. One that was opened for a passage
// begins there.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { ArtifactRef } from '../api/types.ts';
import { CopyButton } from '../ui/buttons.tsx';
import { useText } from './content.ts';
import { Waiting } from './loading.tsx';

const foldedLines = 24;
const mostShown = 400_000;

export function SourceView({ artifact, passage = null }: { artifact: ArtifactRef; passage?: string | null }) {
  const content = useText(artifact, mostShown);
  if (content.state !== 'loaded') return <Waiting loading={content} />;
  return <SourceText {...content.value} passage={passage} />;
}

interface SourceTextProps {
  text: string;
  isWhole: boolean;
  encoding?: string;
  passage?: string | null;
}

export function SourceText({ text, isWhole, encoding = '', passage = null }: SourceTextProps) {
  const wanted = passage?.trim() ?? '';
  const at = wanted ? text.indexOf(wanted) : -1;
  const [whole, setWhole] = useState(at >= 0);
  const mark = useRef<HTMLElement>(null);
  useLayoutEffect(() => mark.current?.scrollIntoView({ block: 'start' }), [at]);
  const lines = text.split('\n');
  const isLong = lines.length > foldedLines + 4;
  const shown = isLong && !whole ? lines.slice(0, foldedLines).join('\n') : text;
  return (
    <div class="source">
      <div class="source-copy">
        <CopyButton label="Copy the text" text={() => text} />
      </div>
      <pre tabIndex={0}>
        {at >= 0 && at + wanted.length <= shown.length ? (
          <code>
            {shown.slice(0, at)}
            <mark ref={mark}>{wanted}</mark>
            {shown.slice(at + wanted.length)}
          </code>
        ) : (
          <code>{shown}</code>
        )}
      </pre>
      {(isLong || !isWhole || encoding) && (
        <p class="table-count ui-soft ui-small">
          {isLong && (
            <button type="button" class="ui-button is-small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? 'Show less' : `Show all ${lines.length.toLocaleString('en')} lines`}
            </button>
          )}
          {!isWhole && 'This is the beginning; download it to see all.'}
          {encoding && `Read as ${encoding}, since it is not UTF-8.`}
        </p>
      )}
    </div>
  );
}
