// All artifacts (files, to people), newest first, or those of one kind or one conversation.

import { useState } from 'preact/hooks';

import type { Artifact } from '../api/types.ts';
import { usePages } from '../state/pages.ts';
import { Icon } from '../ui/icon.tsx';
import { ListEnd } from '../ui/list_end.tsx';
import './artifacts.css';
import { iconOf, presentationOf } from './kinds.ts';
import { shortTime, sizeText } from '../ui/format.ts';
import { openArtifact } from './opened.ts';
import { removedArtifacts } from './removed.ts';

// Plugins name the kinds of what they make, so those that were seen can be chosen.
const seenKinds = new Set<string>();

export function ArtifactsPanel() {
  return (
    <section class="ui-view" aria-labelledby="artifacts-title">
      <header class="ui-view-head">
        <h1 id="artifacts-title">Files</h1>
      </header>
      <ArtifactList />
    </section>
  );
}

export function ArtifactList({ conversation }: { conversation?: string }) {
  const [kind, setKind] = useState('');
  const pages = usePages<Artifact, 'artifacts'>('/artifacts', 'artifacts', { kind, conversation_id: conversation, limit: 48 });
  for (const artifact of pages.items) seenKinds.add(artifact.kind);
  const shown = pages.items.filter((artifact) => !removedArtifacts.value.has(artifact.id));
  return (
    <>
      <div class="filters">
        <label>
          <span class="ui-small ui-soft">Kind</span>
          <select class="ui-field" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="">All</option>
            {[...seenKinds].sort().map((one) => (
              <option key={one} value={one}>
                {one.charAt(0).toUpperCase() + one.slice(1)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ul class="artifact-grid" aria-label="Files" hidden={shown.length === 0}>
        {shown.map((artifact) => (
          <li key={artifact.id}>
            <Tile artifact={artifact} />
          </li>
        ))}
      </ul>
      <ListEnd pages={pages} of={['file', 'files']} isEmpty={shown.length === 0} empty={kind ? `There is no file of the kind “${kind}” yet.` : 'What tools make is kept here: simulations, plots, tables, reports. There is nothing yet.'} />
    </>
  );
}

function Tile({ artifact }: { artifact: Artifact }) {
  return (
    <button type="button" class="artifact-tile" onClick={() => openArtifact(artifact.handle)}>
      <span class="artifact-thumb" data-kind={presentationOf(artifact)}>
        {presentationOf(artifact) === 'image' && artifact.size < 3_000_000 ? <img src={artifact.url} alt="" loading="lazy" decoding="async" /> : <Icon name={iconOf(artifact.kind)} size={32} />}
      </span>
      <b>{artifact.handle}</b>
      <span class="ui-soft ui-small artifact-tile-name">{artifact.name}</span>
      <span class="ui-soft ui-small">
        {sizeText(artifact.size)} · {shortTime(artifact.created_at)}
      </span>
    </button>
  );
}
