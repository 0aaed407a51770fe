// Why a section has nothing to show, or shows what may be out of date.

import type { Refreshed } from './use_refreshed.ts';

export function Problem({ of: { value, problem, mayRetry, refresh } }: { of: Refreshed<unknown> }) {
  if (!problem) return value === null ? <p class="ui-soft">Loading …</p> : null;
  return (
    <div class="admin-problem" role="alert">
      <span class="ui-error">{problem}</span>
      {mayRetry && (
        <button type="button" class="ui-button is-small" onClick={refresh}>
          Try again
        </button>
      )}
    </div>
  );
}
