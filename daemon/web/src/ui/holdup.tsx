// Why an upload does not go on at the moment, and what is to be done about it.

import type { Holdup } from '../api/upload.ts';
import { announce } from '../state/announcements.ts';

const sentences: Record<Holdup, string> = {
  away: 'Waits for the connection, and goes on by itself',
  login: 'Waits until you have logged in again',
  still: 'Nothing moves at the moment; it is sent again by itself in a while',
  unanswered: 'All of it is sent, but assistd has not said yet that it is stored',
};

export function HeldUp({ by, name, sendNow }: { by: Holdup; name: string; sendNow: () => void }) {
  return (
    <span class="ui-held ui-soft ui-small">
      {sentences[by]}
      {(by === 'still' || by === 'unanswered') && (
        <button type="button" class="ui-button is-small" onClick={sendNow}>
          Send again now<span class="ui-hidden">: {name}</span>
        </button>
      )}
    </span>
  );
}

// What concerns the whole page is told there already.
export function announceHoldup(name: string, by: Holdup | null): void {
  if (by === 'still' || by === 'unanswered') announce(`${name}: ${sentences[by]}.`);
}
