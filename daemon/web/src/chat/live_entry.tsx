// What is on its way: a message that the daemon has not taken yet, one that did not get through, and how the connection of
// the turn that goes on is.

import { useEffect } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import type { LiveTurn } from '../state/said.ts';
import { FileChips } from './file_chips.tsx';
import { takeBack } from './taken_back.ts';
import { isRunning } from './turn_view.ts';

export function SaidEntry({ conversation }: { conversation: OpenConversation }) {
  const said = conversation.said.value;
  if (!said) return null;
  return (
    <article class="entry is-user" aria-label="You">
      <div class="said">
        <FileChips files={said.attachments} />
        <div class="bubble" dir="auto">{said.text}</div>
        <div class="entry-actions" />
      </div>
    </article>
  );
}

const waiting = 'Waits for the reply before it, which is still being made.';

export function Connection({ conversation, live }: { conversation: OpenConversation; live: LiveTurn }) {
  const { view, broken, waits, stopping } = live;
  const isUnheard = view.state === 'sending' && !view.id;
  const lost = isUnheard
    ? 'Not sent yet: assistd does not answer. It is sent as soon as assistd does.'
    : 'The connection is lost. The reply goes on as soon as it is back.';
  useEffect(() => {
    if (broken) announce(lost);
    else if (waits) announce(waiting);
  }, [broken, waits]);
  if (!isRunning(view)) return null;
  return (
    <>
      {(broken || (waits && !stopping)) && (
        <p class="turn-note">
          {broken ? lost : waiting}
          {isUnheard && (
            <button type="button" class="ui-button is-small" onClick={() => takeBack(conversation)}>
              Do not send
            </button>
          )}
        </p>
      )}
      {stopping && <p class="turn-note">Stopping …</p>}
    </>
  );
}

export function NotSentEntry({ conversation }: { conversation: OpenConversation }) {
  const notSent = conversation.notSent.value;
  if (!notSent) return null;
  return (
    <article class="entry is-user" aria-label="You, not sent">
      <div class="said">
        <div class="bubble is-not-sent" dir="auto">{notSent.unsent.text}</div>
        <div class="not-sent" role="alert">
          <p class="ui-error">{notSent.reason}</p>
          <div>
            {notSent.mayRetry && (
              <button type="button" class="ui-button is-small is-main" onClick={() => void conversation.sendUnsent(notSent.unsent)}>
                Try again
              </button>
            )}
            <button type="button" class="ui-button is-small" onClick={() => takeBack(conversation)}>
              Edit
            </button>
          </div>
        </div>
      </div>
    </article>
  );
}
