// All artifacts (files, to people), newest first, or those of one conversation; of one kind, and with the words that are
// looked for.

import { useEffect, useState } from 'preact/hooks';

import type { Artifact } from '../api/types.ts';
import { usePages } from '../state/pages.ts';
import { narrow, narrowed } from '../state/route.ts';
import { Icon } from '../ui/icon.tsx';
import { useRover } from '../ui/rover.ts';
import { ListEnd } from '../ui/list_end.tsx';
import { SearchField } from '../ui/search_field.tsx';
import './artifacts.css';
import { descriptionOf, formatOf, iconOf, presentationOf } from './kinds.ts';
import { knownKinds, lookForKinds, sawKinds } from './known_kinds.ts';
import { shortTime, sizeText } from '../ui/format.ts';
import { openArtifact } from './opened.ts';
import { removedArtifacts } from './removed.ts';
import { SelectedBar } from './selected_bar.tsx';
import { type Selection, useSelection } from './selection.ts';

interface Narrowing {
  q: string;
  kind: string;
}

// The address keeps what is looked for, so that coming back from a file, or from elsewhere, brings it back.
export function ArtifactsPanel() {
  const asked = new URLSearchParams(narrowed.value);
  return (
    <section class="ui-view" aria-labelledby="artifacts-title">
      <header class="ui-view-head">
        <h1 id="artifacts-title">Files</h1>
      </header>
      <ArtifactList narrowing={{ q: asked.get('q') ?? '', kind: asked.get('kind') ?? '' }} onNarrow={narrow} />
    </section>
  );
}

export function ArtifactsOf({ conversation, onLeave }: { conversation: string; onLeave: () => void }) {
  const [narrowing, setNarrowing] = useState<Narrowing>({ q: '', kind: '' });
  return <ArtifactList conversation={conversation} narrowing={narrowing} onNarrow={setNarrowing} onLeave={onLeave} />;
}

interface ArtifactListProps {
  conversation?: string;
  narrowing: Narrowing;
  onNarrow: (to: Narrowing & Record<string, string>) => void;
  onLeave?: () => void;
}

function ArtifactList({ conversation, narrowing: { q, kind }, onNarrow, onLeave = () => undefined }: ArtifactListProps) {
  const pages = usePages<Artifact, 'artifacts'>('/artifacts', 'artifacts', { q, kind, conversation_id: conversation, limit: 48 });
  useEffect(() => sawKinds(pages.items), [pages.items]);
  const isLonger = pages.hasMore || q !== '' || kind !== '';
  useEffect(() => {
    if (isLonger) void lookForKinds();
  }, [isLonger]);
  const kinds = new Set(kind ? [...knownKinds.value, kind] : knownKinds.value);
  const shown = pages.items.filter((artifact) => !removedArtifacts.value.has(artifact.id));
  const selection = useSelection(shown, ['file', 'files']);
  const { stop, onFocusIn, onKeyDown } = useRover(shown.map(({ id }) => id), 'data-artifact', undefined, tile);
  return (
    <>
      <search class="filters">
        <SearchField label="Search" placeholder="Name, kind, tool …" words={q} onWords={(words) => onNarrow({ q: words, kind })} />
        <label>
          <span class="ui-small ui-soft">Kind</span>
          <select class="ui-field" value={kind} onChange={(event) => onNarrow({ q, kind: event.currentTarget.value })}>
            <option value="">All</option>
            {[...kinds].sort().map((one) => (
              <option key={one} value={one}>
                {one.charAt(0).toUpperCase() + one.slice(1)}
              </option>
            ))}
          </select>
        </label>
      </search>
      <ul
        class={`artifact-grid ${selection.items.length > 0 ? 'is-selecting' : ''}`}
        aria-label="Files"
        hidden={shown.length === 0}
        onFocusIn={onFocusIn}
        onKeyDown={(event) => {
          onKeyDown(event);
          selectByKeys(event, selection);
        }}
      >
        {shown.map((artifact) => (
          <Tile key={artifact.id} artifact={artifact} selection={selection} isStop={artifact.id === stop} />
        ))}
      </ul>
      <SelectedBar selection={selection} onLeave={onLeave} />
      <ListEnd pages={pages} of={['file', 'files']} isEmpty={shown.length === 0} empty={nothingFor(q, kind)} />
    </>
  );
}

function nothingFor(q: string, kind: string): string {
  if (q) return `No file${kind ? ` of the kind “${kind}”` : ''} has the words “${q}” in its name, kind, tool or description.`;
  if (kind) return `There is no file of the kind “${kind}” yet.`;
  return 'What tools make is kept here: simulations, plots, tables, reports. There is nothing yet.';
}

const tile = '.artifact-tile';
const idOf = (target: EventTarget | null): string | undefined => (target as Element | null)?.closest('[data-artifact]')?.getAttribute('data-artifact') ?? undefined;

// As in other lists of files: Shift with an arrow key reaches further, Ctrl+A takes all, Escape none.
function selectByKeys(event: KeyboardEvent, selection: Selection<Artifact>): void {
  const from = idOf(event.target);
  const to = idOf(document.activeElement);
  if (event.defaultPrevented) {
    if (!event.shiftKey || !from || !to) return;
    if (!selection.has(from)) selection.begin(from);
    return selection.reach(to);
  }
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) selection.all();
  else if (event.key === 'Escape' && selection.items.length > 0) selection.clear();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

interface TileProps {
  artifact: Artifact;
  selection: Selection<Artifact>;
  // Whether Tab comes to it, and to its box.
  isStop: boolean;
}

function Tile({ artifact, selection, isStop }: TileProps) {
  const { id, handle } = artifact;
  const tabIndex = isStop ? 0 : -1;
  const pick = (event: MouseEvent): boolean => {
    if (event.shiftKey) selection.reach(id);
    else if (event.ctrlKey || event.metaKey) selection.toggle(id);
    return event.shiftKey || event.ctrlKey || event.metaKey;
  };
  return (
    <li data-artifact={id} class={selection.has(id) ? 'is-selected' : ''}>
      <button type="button" class="artifact-tile" tabIndex={tabIndex} onClick={(event) => pick(event) || openArtifact(handle)}>
        <Thumb artifact={artifact} />
        <b>{handle}</b>
        <span class="ui-soft ui-small artifact-tile-name" title={artifact.name}>
          {descriptionOf(artifact)}
        </span>
        <span class="ui-soft ui-small">
          {sizeText(artifact.size)} · {shortTime(artifact.created_at)}
        </span>
      </button>
      <label class="artifact-pick">
        <input
          type="checkbox"
          aria-label={`Select ${handle}`}
          tabIndex={tabIndex}
          checked={selection.has(id)}
          onClick={(event) => {
            if (event.shiftKey) selection.reach(id);
            else selection.toggle(id);
          }}
        />
      </label>
    </li>
  );
}

const largestThumb = 3_000_000;

function Thumb({ artifact }: { artifact: Artifact }) {
  // A name may promise a picture that the bytes are not.
  const [isShowable, setShowable] = useState(presentationOf(artifact) === 'image' && artifact.size < largestThumb);
  return (
    <span class="artifact-thumb">
      {isShowable ? (
        <img src={artifact.url} alt="" loading="lazy" decoding="async" onError={() => setShowable(false)} />
      ) : (
        <>
          <Icon name={iconOf(artifact)} size={32} />
          <span class="artifact-format">{formatOf(artifact)}</span>
        </>
      )}
    </span>
  );
}
