// Says that the daemon does not answer, and that nothing is lost.

import { isOnline, tryNow } from '../state/connection.ts';

export function Banner() {
  if (isOnline.value) return <div class="ui-hidden" role="status" />;
  return (
    <div class="banner" role="status">
      <span>assistd does not answer. What you have typed is kept, and the page goes on by itself when it is back.</span>
      <button type="button" class="ui-button is-small" onClick={tryNow}>
        Try now
      </button>
    </div>
  );
}
