// Citations: a small number behind the sentence that rests on a document; a click opens the passage.

import { useContext, useState } from 'preact/hooks';
import { createContext } from 'preact';
import type { Citation } from '../api/types.ts';
import { openArtifact } from '../artifacts/opened.ts';
import { Dialog } from '../ui/dialog.tsx';

// Of the message that is shown.
export const CitationsOfMessage = createContext<Citation[]>([]);

// The same place of the same document has the same number.
export function numberOf(citations: Citation[], marker: string): number {
  return [...new Set(citations.map((one) => one.marker))].indexOf(marker) + 1;
}

export function CitationChip({ marker }: { marker: string }) {
  const citations = useContext(CitationsOfMessage);
  const [isOpen, setOpen] = useState(false);
  const citation = citations.find((one) => one.marker === marker);
  // The message is not complete yet, or the model has made the source up.
  if (!citation) return <sup class="citation is-open" aria-hidden="true">·</sup>;
  const number = numberOf(citations, marker);
  const where = citation.page === null ? citation.file_name : `${citation.file_name}, page ${citation.page}`;
  return (
    <>
      <button type="button" class="citation" aria-label={`Source ${number}: ${where}`} title={where} onClick={() => setOpen(true)}>
        {number}
      </button>
      {isOpen && <PassageDialog citation={citation} number={number} onClose={() => setOpen(false)} />}
    </>
  );
}

function PassageDialog({ citation, number, onClose }: { citation: Citation; number: number; onClose: () => void }) {
  const content = `/api/v1/ai/artifacts/${encodeURIComponent(citation.artifact)}/content`;
  return (
    <Dialog title={citation.file_name} onClose={onClose}>
      <div class="cited">
        <p class="ui-soft ui-small">
          Source {number}
          {citation.page !== null && `, page ${citation.page}`}
          {`, characters ${citation.quote_start} to ${citation.quote_end} of its text`}
        </p>
        <blockquote>{citation.quote}</blockquote>
        <p class="cited-ways">
          <button
            type="button"
            class="ui-button is-small"
            onClick={() => {
              onClose();
              openArtifact(citation.artifact, { text: citation.quote, start: citation.quote_start, end: citation.quote_end, page: citation.page });
            }}
          >
            Open the document there
          </button>
          <a class="ui-button is-small" href={content} download={citation.file_name}>
            Download the document
          </a>
        </p>
      </div>
    </Dialog>
  );
}

// Below a reply: all of its sources, once each.
export function SourceList({ citations }: { citations: Citation[] }) {
  const markers = [...new Set(citations.map((one) => one.marker))];
  if (markers.length === 0) return null;
  return (
    <CitationsOfMessage.Provider value={citations}>
      <ul class="sources" aria-label="Sources">
        {markers.map((marker) => {
          const citation = citations.find((one) => one.marker === marker);
          return (
            <li key={marker}>
              <CitationChip marker={marker} />
              <span>
                {citation?.file_name}
                {citation?.page != null && <span class="ui-soft">, page {citation.page}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </CitationsOfMessage.Provider>
  );
}
