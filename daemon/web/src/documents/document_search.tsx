// Looks for passages in the documents, as the assistant does.

import { useRef, useState } from 'preact/hooks';

import { isAbort, post, sentenceOf } from '../api/client.ts';
import type { Passage } from '../api/types.ts';
import { openArtifact } from '../artifacts/opened.ts';
import { announce } from '../state/announcements.ts';
import { Icon } from '../ui/icon.tsx';
import { fromHit, highlight } from './highlight.ts';

type Found = { state: 'nothing' } | { state: 'searching' } | { state: 'failed'; sentence: string } | { state: 'found'; query: string; passages: Passage[] };

const nothingAbout = (query: string): string => `No document says anything about “${query}”.`;

export function DocumentSearch() {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Found>({ state: 'nothing' });
  const stop = useRef<AbortController | null>(null);

  const search = async (): Promise<void> => {
    stop.current?.abort();
    const wanted = query.trim();
    if (!wanted) return setFound({ state: 'nothing' });
    const own = (stop.current = new AbortController());
    setFound({ state: 'searching' });
    try {
      const reply = await post<{ passages: Passage[] }>('/documents/search', { query: wanted, limit: 10 }, { signal: own.signal });
      setFound({ state: 'found', query: wanted, passages: reply.passages });
      const { length } = reply.passages;
      announce(length === 0 ? nothingAbout(wanted) : `${length} ${length === 1 ? 'passage' : 'passages'}.`);
    } catch (error) {
      if (isAbort(error)) return;
      setFound({ state: 'failed', sentence: sentenceOf(error) });
      announce(sentenceOf(error));
    }
  };

  return (
    <search class="document-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <label class="document-field">
          <Icon name="search" />
          <span class="ui-hidden">Search in the documents</span>
          <input
            class="ui-field"
            type="search"
            maxLength={4096}
            placeholder="What do the documents say about …"
            value={query}
            onInput={(event) => {
              setQuery(event.currentTarget.value);
              if (!event.currentTarget.value) setFound({ state: 'nothing' });
            }}
          />
        </label>
        <button type="submit" class="ui-button" disabled={!query.trim()}>
          Search
        </button>
      </form>
      <Results found={found} />
    </search>
  );
}

function Results({ found }: { found: Found }) {
  if (found.state === 'nothing') return null;
  if (found.state === 'searching') return <p class="ui-soft">Searching …</p>;
  if (found.state === 'failed') return <p class="ui-error">{found.sentence}</p>;
  if (found.passages.length === 0) return <p class="ui-soft">{nothingAbout(found.query)}</p>;
  return (
    <ol class="found-passages" aria-label="Passages">
      {found.passages.map((passage) => (
        <li key={`${passage.document_id}-${passage.start}`} class="found-passage">
          <header role="none">
            <button type="button" class="document-name" onClick={() => openArtifact(passage.document_id, { ...passage, query: found.query })}>
              {passage.name}
            </button>
            <span class="ui-soft ui-small">{[passage.page !== null && `page ${passage.page}`, passage.heading].filter(Boolean).join(' · ')}</span>
          </header>
          <blockquote>
            {fromHit(highlight(passage.text.trim(), found.query)).map((piece, i) => (piece.isHit ? <mark key={i}>{piece.text}</mark> : piece.text))}
          </blockquote>
        </li>
      ))}
    </ol>
  );
}
