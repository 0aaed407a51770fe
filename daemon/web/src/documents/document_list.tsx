// The documents with how far their reading is; uploads stand above them until they have arrived.

import { useEffect, useRef } from 'preact/hooks';

import { ApiError, get, remove } from '../api/client.ts';
import type { DocumentCounts, StoredDocument } from '../api/types.ts';
import { sizeText, timeText } from '../ui/format.ts';
import { openArtifact } from '../artifacts/opened.ts';
import { announce } from '../state/announcements.ts';
import { isOnline } from '../state/connection.ts';
import { type Pages, usePages } from '../state/pages.ts';
import { mayWrite } from '../state/session.ts';
import { doUndoably } from '../state/undoable.ts';
import { IconButton } from '../ui/buttons.tsx';
import { HeldUp } from '../ui/holdup.tsx';
import { Icon } from '../ui/icon.tsx';
import { ListEnd } from '../ui/list_end.tsx';
import { isNoText } from './binary.ts';
import { arrived, problemWith, type Sending, sendAgain, sendings, sendNow, takeAway } from './uploads.ts';

const askEveryMs = 700;

export function DocumentList() {
  const pages = usePages<StoredDocument, 'documents', { counts: DocumentCounts }>('/documents', 'documents', { limit: 50 });
  useArrivals(pages);
  useProgress(pages);

  const removeIt = (document: StoredDocument): void => {
    const place = pages.items.indexOf(document);
    pages.change((items) => items.filter((one) => one.id !== document.id));
    doUndoably(
      `${document.name} is deleted.`,
      (keepalive) => remove(`/documents/${document.id}`, { keepalive }),
      () => pages.change((items) => (items.some((one) => one.id === document.id) ? items : items.toSpliced(Math.min(place, items.length), 0, document))),
    );
  };

  return (
    <>
      <Counts counts={pages.hasMore ? pages.first?.counts : countsOf(pages.items)} />
      <ul class="documents" aria-label="Documents" hidden={pages.items.length + sendings.value.length === 0}>
        {sendings.value.map((sending) => (
          <SendingRow key={`sending-${sending.id}`} sending={sending} />
        ))}
        {pages.items.map((document) => (
          <DocumentRow key={document.id} document={document} onRemove={() => removeIt(document)} />
        ))}
      </ul>
      <ListEnd
        pages={pages}
        of={['document', 'documents']}
        isEmpty={pages.items.length + sendings.value.length === 0}
        empty="There are no documents yet. Add some, and answers can rest on what they say, with the passage beside it."
      />
    </>
  );
}

// All of them where all are here, else as the daemon counts them.
function countsOf(documents: StoredDocument[]): DocumentCounts {
  const count = (status: StoredDocument['status']): number => documents.filter((one) => one.status === status).length;
  return {
    in_progress: count('in_progress'), completed: count('completed'), failed: count('failed'), cancelled: count('cancelled'), total: documents.length,
  };
}

function Counts({ counts }: { counts: DocumentCounts | undefined }) {
  if (!counts || counts.total === 0) return null;
  const told = [
    `${counts.total.toLocaleString('en')} ${counts.total === 1 ? 'document' : 'documents'}`,
    counts.in_progress > 0 && `${counts.in_progress.toLocaleString('en')} being read`,
    counts.failed > 0 && `${counts.failed.toLocaleString('en')} not readable`,
  ];
  return <p class="documents-count ui-soft ui-small">{told.filter(Boolean).join(' · ')}</p>;
}

function useArrivals(pages: Pages<StoredDocument>): void {
  useEffect(() => {
    if (arrived.value.length === 0 || pages.isLoading) return;
    const come = arrived.value;
    arrived.value = [];
    pages.change((items) => [...come.filter((one) => !items.some((item) => item.id === one.id)), ...items]);
  }, [arrived.value, pages.isLoading]);
}

/** Asks for those that are being read until they have been. */
function useProgress(pages: Pages<StoredDocument>): void {
  const open = pages.items.filter((one) => one.status === 'in_progress').map((one) => one.id);
  useEffect(() => {
    if (open.length === 0 || !isOnline.value) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      // More than these are not in sight at once.
      const asked = await Promise.allSettled(open.slice(0, 12).map((id) => get<StoredDocument>(`/documents/${id}`, { signal: stop.signal })));
      const known = new Map(asked.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.id, one.value] as const] : [])));
      // Deleted meanwhile, elsewhere.
      const gone = open.filter((_, i) => asked[i]?.status === 'rejected' && isGone(asked[i].reason));
      if (!stop.signal.aborted) pages.change((items) => items.filter((item) => !gone.includes(item.id)).map((item) => known.get(item.id) ?? item));
    }, askEveryMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [open.join(), pages.items, isOnline.value]);
}

const isGone = (reason: unknown): boolean => reason instanceof ApiError && reason.status === 404;

function SendingRow({ sending }: { sending: Sending }) {
  const percent = Math.round(sending.fraction * 100);
  const again = sending.isAgain ? 'The connection broke: all of it is sent again, ' : '';
  const far = percent < 100 ? `${again}${percent} % of ${sizeText(sending.file.size)}` : 'Being stored';
  return (
    <li class="document" data-status={sending.state}>
      <Icon name="upload" />
      <div class="document-text">
        <b>{sending.file.name}</b>
        {sending.state === 'failed' ? (
          <span class="ui-error ui-small">{sending.problem}</span>
        ) : (
          <span class="ui-soft ui-small">{sending.state === 'waiting' ? 'Waits for its turn' : !sending.held && far}</span>
        )}
        {sending.held && <HeldUp by={sending.held} name={sending.file.name} sendNow={() => sendNow(sending.id)} />}
        {sending.state === 'sending' && !sending.held && <progress class="ui-progress" value={sending.fraction} max={1} aria-label={`Upload of ${sending.file.name}`} />}
      </div>
      {sending.state === 'failed' && sending.problem !== isNoText && !problemWith(sending.file) && (
        <button type="button" class="ui-button is-small" onClick={() => sendAgain(sending.id)}>
          Try again
        </button>
      )}
      <IconButton icon="close" label={sending.state === 'failed' ? `Take ${sending.file.name} off the list` : `Stop the upload of ${sending.file.name}`} onClick={() => takeAway(sending.id)} />
    </li>
  );
}

const badges = {
  in_progress: { text: 'Being read', tone: '' },
  completed: { text: 'Ready', tone: 'is-good' },
  failed: { text: 'Not readable', tone: 'is-bad' },
  cancelled: { text: 'Cancelled', tone: 'is-warn' },
};

function DocumentRow({ document, onRemove }: { document: StoredDocument; onRemove: () => void }) {
  const badge = badges[document.status];
  const before = useRef(document.status);
  useEffect(() => {
    if (before.current === document.status) return;
    before.current = document.status;
    announce(`${document.name}: ${badge.text}. ${document.error?.message ?? ''}`);
  }, [document.status]);
  return (
    <li class="document" data-status={document.status}>
      <Icon name="document" />
      <div class="document-text">
        <button type="button" class="document-name" onClick={() => openArtifact(document.id)}>
          {document.name}
        </button>
        {document.error ? (
          <span class="ui-error ui-small">{document.error.message}</span>
        ) : (
          <span class="ui-soft ui-small">
            {timeText(document.created_at)}
            {document.text_bytes > 0 && ` · ${sizeText(document.text_bytes)} of text`}
          </span>
        )}
        {document.status === 'in_progress' && <progress class="ui-progress" aria-label={`${document.name} is being read`} />}
      </div>
      <span class={`ui-badge ${badge.tone}`}>
        {badge.text}
      </span>
      {mayWrite.value && <IconButton icon="delete" label={`Delete ${document.name}`} onClick={onRemove} />}
    </li>
  );
}
