// The end of a list that comes in pages: still loading, failed, nothing there, or more to show.

import type { Pages } from '../state/pages.ts';

export function ListEnd<T>({ pages, empty, isEmpty = pages.items.length === 0 }: { pages: Pages<T>; empty: string; isEmpty?: boolean }) {
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
  if (pages.isLoading)
    return (
      <p class="list-end ui-soft" role="status">
        Loading …
      </p>
    );
  if (isEmpty && !pages.hasMore) return <p class="ui-empty">{empty}</p>;
  if (!pages.hasMore) return null;
  return (
    <div class="list-end">
      <button type="button" class="ui-button" disabled={pages.isLoadingMore} onClick={pages.more}>
        {pages.isLoadingMore ? 'Loading …' : 'Show more'}
      </button>
    </div>
  );
}
