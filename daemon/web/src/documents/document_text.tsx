// The text that was read of a document, of whatever kind, at a passage of it.

import { useLayoutEffect, useRef } from 'preact/hooks';

import { ApiError, get } from '../api/client.ts';
import type { ArtifactRef } from '../api/types.ts';
import { useLoaded } from '../artifacts/content.ts';
import { Waiting } from '../artifacts/loading.tsx';
import { highlight } from './highlight.ts';
import { countCharacters, type PassagePlace, placeIn } from './passage.ts';

// So much of a long text is shown around the passage, in characters.
const around = 200_000;

interface TextPart {
  text: string;
  next_first: number | null;
}

interface Shown {
  text: string;
  isWhole: boolean;
}

async function readUpTo(document: string, end: number, signal: AbortSignal): Promise<Shown | null> {
  let text = '';
  let count = 0;
  let first: number | null = 0;
  try {
    while (first !== null && count < end + around) {
      const part: TextPart = await get<TextPart>(`/documents/${encodeURIComponent(document)}/text`, { query: { first }, signal });
      text += part.text;
      count += countCharacters(part.text);
      first = part.next_first;
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
  return { text, isWhole: first === null };
}

interface DocumentTextProps {
  artifact: ArtifactRef;
  passage: PassagePlace;
  // Nothing has been read of it, or the passage is not there any more: the file itself is shown.
  instead: () => preact.ComponentChildren;
}

export function DocumentText({ artifact, passage, instead }: DocumentTextProps) {
  const read = useLoaded(`${artifact.id} ${passage.start}`, (signal) => readUpTo(artifact.id, passage.end, signal));
  const passageAt = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const found = passageAt.current?.querySelector('mark');
    if (found) found.scrollIntoView({ block: 'center' });
    else passageAt.current?.scrollIntoView({ block: 'start' });
  }, [read.state]);
  if (read.state !== 'loaded') return <Waiting loading={read} />;
  const place = read.value && placeIn(read.value.text, passage);
  if (!read.value || !place) return <>{instead()}</>;
  const { text, isWhole } = read.value;
  const from = Math.max(0, place.start - around);
  const to = Math.min(text.length, place.end + around);
  return (
    <div class="document-read">
      <p class="ui-soft ui-small">
        {passage.page === null ? 'The passage in the text that was read of the file' : `The passage, from page ${passage.page} on, in the text that was read of the file`}
        {(from > 0 || to < text.length || !isWhole) && ', of which this is a part'}.
      </p>
      <pre tabIndex={0} aria-label={`Text of ${artifact.name}`}>
        {text.slice(from, place.start)}
        <span ref={passageAt} class="document-passage">
          {highlight(text.slice(place.start, place.end), passage.query ?? '').map((piece, i) => (piece.isHit ? <mark key={i}>{piece.text}</mark> : piece.text))}
        </span>
        {text.slice(place.end, to)}
      </pre>
    </div>
  );
}
