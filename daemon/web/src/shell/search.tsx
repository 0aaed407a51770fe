// The field that looks for conversations: the arrow keys choose one of those that are found below it, Enter opens it.

import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { projects } from '../state/choices.ts';
import { conversations, filter, listedFor, setFilter } from '../state/conversation_list.ts';
import { isListingProjects } from '../state/projects.ts';
import { mayWrite } from '../state/session.ts';
import { searchWanted } from '../state/shell.ts';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';

export const resultsId = 'found-conversations';
export const rowId = (conversation: string): string => `found-${conversation}`;

// The keyboard stays in the field: the row is only shown, and told, as the one that Enter opens.
export const chosenRow = signal<string | null>(null);

export function Search() {
  const [query, setQuery] = useState(filter.value.q);
  const field = useRef<HTMLInputElement>(null);
  const wanted = searchWanted.value;
  // At once: whoever presses the keys goes on typing.
  useLayoutEffect(() => {
    if (wanted === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [wanted]);
  useEffect(() => {
    if (query.trim() === filter.value.q) return;
    const timer = setTimeout(() => setFilter({ q: query.trim() }), 200);
    return () => clearTimeout(timer);
  }, [query]);
  const found = useFound(query.trim());
  const { archived, project_id } = filter.value;
  const project = projects.value.find((one) => one.id === project_id);
  const shown = archived ? 'Archived' : project ? project.name : null;
  return (
    <div class="side-search">
      <div class="side-search-field">
        <Icon name="search" size={16} />
        <input
          ref={field}
          type="search"
          dir="auto"
          class="ui-field"
          role="combobox"
          aria-label="Search conversations"
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={resultsId}
          aria-expanded={found.isOpen}
          aria-activedescendant={found.chosen ? rowId(found.chosen) : undefined}
          placeholder="Search"
          value={query}
          maxLength={200}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (isComposing(event) || found.onKey(event)) return;
            if (event.key !== 'Escape' || query === '') return;
            event.preventDefault(); // it clears the field and does nothing else
            setQuery('');
          }}
        />
        <FilterMenu />
      </div>
      {shown && (
        <button type="button" class="ui-badge side-filter" onClick={() => setFilter({ archived: false, project_id: null })} aria-label={`Shown: ${shown}. Show all`}>
          {shown}
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  );
}

interface Found {
  isOpen: boolean;
  chosen: string | null;
  // Whether the key was one for what is found.
  onKey: (event: KeyboardEvent) => boolean;
}

function useFound(words: string): Found {
  const rows = (conversations.value ?? []).map((one) => one.id);
  const isFound = listedFor.value === filter.value && filter.value.q === words;
  const isOpen = filter.value.q !== '' && rows.length > 0;
  const chosen = isOpen && chosenRow.value !== null && rows.includes(chosenRow.value) ? chosenRow.value : null;
  // Enter came before what was looked for.
  const opensFirst = useRef('');
  useEffect(() => void (chosenRow.value = null), [words]);
  useEffect(() => {
    if (!isFound || opensFirst.current === '') return;
    const isWanted = opensFirst.current === words;
    opensFirst.current = '';
    if (isWanted && rows[0]) open(rows[0]);
  }, [isFound, words]);
  const onKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && isOpen) {
      const at = chosen ? rows.indexOf(chosen) + step : step > 0 ? 0 : rows.length - 1;
      chosenRow.value = rows[at] ?? null; // past either end it is the field's words again
      if (rows[at]) document.getElementById(rowId(rows[at]))?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && words !== '') {
      const wanted = chosen ?? rows[0];
      if (isFound && wanted) open(wanted);
      else {
        opensFirst.current = words;
        if (filter.value.q !== words) setFilter({ q: words });
      }
    } else return false;
    event.preventDefault();
    return true;
  };
  return { isOpen, chosen, onKey };
}

// As who comes to its link and presses Enter.
function open(conversation: string): void {
  const link = document.getElementById(rowId(conversation))?.querySelector('a');
  link?.focus();
  link?.click();
}

function FilterMenu() {
  const { archived, project_id } = filter.value;
  return (
    <Menu
      label="Which conversations are shown"
      class="ui-icon-button is-small"
      items={[
        { label: 'All', checked: !archived && !project_id, run: () => setFilter({ archived: false, project_id: null }) },
        { label: 'Archived', checked: archived, run: () => setFilter({ archived: true, project_id: null }) },
        ...projects.value.map((project) => ({
          label: project.name,
          hint: 'Project',
          checked: !archived && project_id === project.id,
          run: () => setFilter({ archived: false, project_id: project.id }),
        })),
        ...(mayWrite.value ? [{ label: 'All projects …', icon: 'folder' as const, run: () => void (isListingProjects.value = true) }] : []),
      ]}
    >
      <Icon name="chevron_down" size={16} />
    </Menu>
  );
}
