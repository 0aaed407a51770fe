// The whole page: what is there on the left, every operation on the right. The address names the one that is open.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Markdown } from '../markdown/markdown.tsx';
import { type Description, entriesByTag } from './description.ts';
import { OperationView } from './operation.tsx';

export function Docs({ description }: { description: Description }) {
  const [search, setSearch] = useState('');
  const opened = useOpened();
  const field = useRef<HTMLInputElement>(null);
  const groups = useMemo(() => entriesByTag(description, search), [description, search]);
  const count = groups.reduce((sum, group) => sum + group.entries.length, 0);
  useSlashKey(field);
  return (
    <div class="docs">
      <header class="docs-head">
        <h1>{description.info.title} API <span class="ui-badge">{description.info.version}</span></h1>
        <nav aria-label="Other forms" class="docs-links">
          <a href="/openapi.json">openapi.json</a>
          <a href="/">Chat</a>
        </nav>
      </header>
      <div class="docs-search" role="search">
        <label class="ui-hidden" for="docs-search">Find an operation</label>
        <input id="docs-search" ref={field} class="ui-field" type="search" placeholder="Find a path or a word" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        <p class="ui-soft ui-small" role="status">{count} {count === 1 ? 'operation' : 'operations'}</p>
      </div>
      <div class="docs-columns">
        <nav class="docs-side" aria-label="Subjects">
          <ul class="docs-tags">
            {groups.map((group) => (
              <li key={group.tag}><a href={`#tag-${anchor(group.tag)}`}>{group.tag} <span class="ui-soft">{group.entries.length}</span></a></li>
            ))}
          </ul>
        </nav>
        <main class="docs-main">
          {!search && <div class="docs-about"><Markdown text={description.info.description} isGrowing={false} /></div>}
          {groups.map((group) => (
            <section key={group.tag} aria-labelledby={`tag-${anchor(group.tag)}`}>
              <h2 id={`tag-${anchor(group.tag)}`}>{group.tag}</h2>
              <p class="ui-soft">{group.about}</p>
              {group.entries.map((entry) => (
                <OperationView key={entry.operation.operationId} description={description} entry={entry} isOpen={opened === entry.operation.operationId} />
              ))}
            </section>
          ))}
          {count === 0 && <p class="ui-empty">Nothing has these words.</p>}
        </main>
      </div>
    </div>
  );
}

function anchor(tag: string): string {
  return tag.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

// The operation that stands behind the # of the address; it is brought into sight.
function useOpened(): string {
  const [opened, setOpened] = useState(() => location.hash.slice(1));
  useEffect(() => {
    const change = () => setOpened(location.hash.slice(1));
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  useEffect(() => {
    if (opened) document.getElementById(opened)?.scrollIntoView();
  }, [opened]);
  return opened;
}

function useSlashKey(field: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
