// The documents that answers rest on: adding them by drop or picker, how far they are, and search in them.

import { useRef, useState } from 'preact/hooks';

import { mayWrite, readsOnly } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { Icon } from '../ui/icon.tsx';
import { DocumentList } from './document_list.tsx';
import { DocumentSearch } from './document_search.tsx';
import './documents.css';
import { sendFiles } from './uploads.ts';

/** Folders come as files that cannot be read, so they are told apart. */
function filesIn(transfer: DataTransfer): File[] {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const folders = items.filter((item) => item.webkitGetAsEntry()?.isDirectory).length;
  if (folders > 0) showError('Folders are not taken. Open the folder and drop the files that are in it.');
  return items.flatMap((item) => {
    const file = item.webkitGetAsEntry()?.isDirectory ? null : item.getAsFile();
    return file ? [file] : [];
  });
}

export function DocumentsPanel() {
  const [over, setOver] = useState(false);
  return (
    <section
      class={`ui-view documents-view${over ? ' is-over' : ''}`}
      aria-labelledby="documents-title"
      onDragOver={(event) => {
        if (!mayWrite.value || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (mayWrite.value && event.dataTransfer) sendFiles(filesIn(event.dataTransfer));
      }}
    >
      <div class="documents-column">
        <header class="ui-view-head">
          <h1 id="documents-title">Documents</h1>
        </header>
        <DocumentSearch />
        {mayWrite.value ? <Drop /> : <p class="ui-soft">{readsOnly}</p>}
        <DocumentList />
      </div>
    </section>
  );
}

function Drop() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="drop">
      <Icon name="upload" size={22} />
      <p>
        <span class="drop-by-mouse">Drop files here, or </span>
        <button type="button" class="ui-button is-small" onClick={() => picker.current?.click()}>
          Choose files
        </button>
      </p>
      <p class="ui-soft ui-small">PDF, Word (docx), HTML, RTF, Markdown, CSV, JSON and plain text, up to 512 MiB each, with up to 64 MiB of text in it. A scanned PDF needs text recognition first.</p>
      <input
        ref={picker}
        class="ui-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files to add to the documents"
        onChange={(event) => {
          sendFiles(event.currentTarget.files ?? []);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
