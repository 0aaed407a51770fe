// Lists that the daemon gives in pages: the first one at once, the others when they are asked for.

import { useEffect, useRef, useState } from 'preact/hooks';

import { get, isAbort, mayPass, sentenceOf } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { reconnections } from './connection.ts';
import { readAgain } from './read_again.ts';

export interface Pages<T, Reply = Page> {
  items: T[];
  /** The newest first page, with what it tells of the whole list. */
  first: Reply | null;
  /** What it was asked for, as a text: another one when it is asked for something else. */
  shownFor: string;
  /** Before the first page is there. */
  isLoading: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  problem: string;
  /** Whether it may pass. */
  mayRetry: boolean;
  more: () => void;
  /** From the beginning, without taking away what is shown. */
  reload: () => void;
  /** Made again of what a reply brings that was asked for before; so twice must be the same as once. */
  change: (change: (items: T[]) => T[]) => void;
}

type Query = Record<string, string | number | undefined>;

/** `key` is the name of the list in the reply. */
export function usePages<T, Key extends string, More = unknown>(path: string, key: Key, query: Query = {}): Pages<T, Page & { [name in Key]: T[] } & More> {
  type Reply = Page & { [name in Key]: T[] } & More;
  const [items, setItems] = useState<T[]>([]);
  const [first, setFirst] = useState<Reply | null>(null);
  const [shownFor, setShownFor] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  const [state, setState] = useState<'loading' | 'more' | 'ready'>('loading');
  const [problem, setProblem] = useState('');
  const [mayRetry, setMayRetry] = useState(true);
  const [round, setRound] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const changesSinceAsked = useRef<((items: T[]) => T[])[]>([]);
  const asked = path + JSON.stringify(query);
  const askedBefore = useRef('');

  const load = (from: string | null, isReload = false): void => {
    stop.current?.abort();
    const own = (stop.current = new AbortController());
    changesSinceAsked.current = [];
    get<Reply>(path, { query: { ...query, cursor: from }, signal: own.signal }).then(
      (reply) => {
        const changes = changesSinceAsked.current;
        const changed = (read: T[]): T[] => changes.reduce((items, change) => change(items), read);
        if (from !== null) setItems((before) => changed([...before, ...reply[key]]));
        else setItems((before) => changed(isReload ? readAgain(before, reply[key], reply.has_more) : reply[key]));
        if (from === null) setFirst(reply);
        setShownFor(asked);
        // The first page again says nothing of where the ones after it have come to.
        if (from !== null || !isReload || cursor === null) setCursor(reply.has_more ? reply.next_cursor : null);
        setProblem('');
        setState('ready');
      },
      (error: unknown) => {
        if (isAbort(error)) return;
        if (from === null && !isReload) setItems([]);
        setProblem(sentenceOf(error));
        setMayRetry(mayPass(error));
        setState('ready');
      },
    );
  };

  useEffect(() => {
    const isReload = askedBefore.current === asked;
    askedBefore.current = asked;
    // What was found for something else stays until this is: a list that is gone for a moment would flicker at every letter.
    if (!isReload) setState('loading');
    load(null, isReload);
    return () => stop.current?.abort();
  }, [asked, round, reconnections.value]);

  return {
    items,
    first,
    shownFor,
    isLoading: state === 'loading',
    isLoadingMore: state === 'more',
    hasMore: cursor !== null,
    problem,
    mayRetry,
    more: () => {
      setState('more');
      load(cursor);
    },
    reload: () => setRound((before) => before + 1),
    change: (change) => {
      changesSinceAsked.current.push(change);
      setItems(change);
    },
  };
}
