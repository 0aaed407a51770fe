// What stands where something is still on its way, or did not come.

import type { Loading } from './content.ts';

export function Waiting({ loading }: { loading: Loading<unknown> }) {
  if (loading.state === 'failed')
    return (
      <div class="artifact-pad" role="alert">
        <p class="ui-error">{loading.sentence}</p>
        {loading.retry && (
          <button type="button" class="ui-button is-small" onClick={loading.retry}>
            Try again
          </button>
        )}
      </div>
    );
  return (
    <p class="artifact-pad ui-soft">Loading …</p>
  );
}
