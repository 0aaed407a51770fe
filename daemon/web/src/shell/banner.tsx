// Says that the daemon does not answer, and that nothing is lost.

import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import { isOnline, tryNow } from '../state/connection.ts';

const away = 'assistd does not answer. What you have typed is kept, and the page goes on by itself when it is back.';

export function Banner() {
  const isThere = isOnline.value;
  const wasThere = useRef(isThere);
  useEffect(() => {
    if (wasThere.current === isThere) return;
    wasThere.current = isThere;
    announce(isThere ? 'assistd answers again.' : away);
  }, [isThere]);
  if (isThere) return null;
  return (
    <div class="banner">
      <span>{away}</span>
      <button type="button" class="ui-button is-small" onClick={tryNow}>
        Try now
      </button>
    </div>
  );
}
