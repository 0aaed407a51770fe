// Which of a list's files are selected: by their boxes, by clicks with Shift or Ctrl, by Shift and the arrow keys.

import { useRef, useState } from 'preact/hooks';
import { announce } from '../state/announcements.ts';

export interface Selection<T> {
  // In the list's order.
  items: T[];
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  // From where `reach` goes on.
  begin: (id: string) => void;
  // All from where something was selected last.
  reach: (id: string) => void;
  all: () => void;
  clear: () => void;
}

export function useSelection<T extends { id: string }>(shown: T[], [one, many]: [string, string]): Selection<T> {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const items = shown.filter(({ id }) => ids.has(id));
  const select = (wanted: string[]): void => {
    setIds(new Set(wanted));
    announce(wanted.length === 0 ? 'Nothing is selected.' : `${wanted.length.toLocaleString('en')} ${wanted.length === 1 ? one : many} selected.`);
  };
  // What is no longer shown is none of it.
  const known = items.map(({ id }) => id);
  return {
    items,
    has: (id) => ids.has(id),
    toggle: (id) => {
      anchor.current = id;
      select(known.includes(id) ? known.filter((other) => other !== id) : [...known, id]);
    },
    begin: (id) => void (anchor.current = id),
    reach: (id) => {
      const places = [shown.findIndex((other) => other.id === (anchor.current ?? id)), shown.findIndex((other) => other.id === id)];
      const [from = 0, to = 0] = places.includes(-1) ? [places[1], places[1]] : places.sort((before, after) => before - after);
      anchor.current ??= id;
      select([...new Set([...known, ...shown.slice(from, to + 1).map((other) => other.id)])]);
    },
    all: () => select(shown.map(({ id }) => id)),
    clear: () => {
      anchor.current = null;
      select([]);
    },
  };
}
