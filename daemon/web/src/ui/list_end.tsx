// The end of a list that comes in pages: still loading, failed, nothing there, or more to show. What another choice has
// found, and what has come below, is told: nobody hears a list change.

import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import type { Pages } from '../state/pages.ts';

export interface ListEndProps<T> {
  pages: Pages<T>;
  // What it is a list of: one, and many of them.
  of: [string, string];
  empty: string;
  isEmpty?: boolean;
}

export function ListEnd<T>({ pages, of, empty, isEmpty = pages.items.length === 0 }: ListEndProps<T>) {
  useFound(pages, of, isEmpty && !pages.hasMore ? empty : '');
  const add = (): void => {
    if (!pages.isLoadingMore) pages.more();
  };
  if (pages.problem)
    return (
      <div class="list-end" role="alert">
        <p class="ui-error">{pages.problem}</p>
        {pages.mayRetry && (
          <button type="button" class="ui-button is-small" onClick={pages.reload}>
            Try again
          </button>
        )}
      </div>
    );
  if (pages.isLoading) return <p class="list-end ui-soft">Loading …</p>;
  if (isEmpty && !pages.hasMore) return <p class="ui-empty">{empty}</p>;
  if (!pages.hasMore) return null;
  return (
    <div class="list-end">
      <button type="button" class="ui-button" aria-disabled={pages.isLoadingMore} onClick={add}>
        {pages.isLoadingMore ? 'Loading …' : 'Show more'}
      </button>
    </div>
  );
}

function useFound<T>({ items, shownFor, hasMore, isLoadingMore }: Pages<T>, [one, many]: [string, string], nothing: string): void {
  const asked = useRef(shownFor);
  const before = useRef<number | null>(null);
  useEffect(() => {
    // What is there when one comes is read there.
    if (asked.current && asked.current !== shownFor) announce(nothing || `${items.length}${hasMore ? ' or more' : ''} ${items.length === 1 ? one : many}.`);
    asked.current = shownFor;
  }, [shownFor]);
  useEffect(() => {
    if (isLoadingMore) before.current = items.length;
    else if (before.current !== null) {
      const more = items.length - before.current;
      if (more > 0) announce(`${more} more ${more === 1 ? one : many}.`);
      before.current = null;
    }
  }, [isLoadingMore]);
}
