// A conversation that was deleted: nothing can be said in it any more, and nothing that was typed for it is lost.

import { useEffect, useState } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import { forgetDrafts, readDraft } from '../state/drafts.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import { ConversationHeader } from '../shell/conversation_header.tsx';
import { attachmentsOf, forgetAttachments } from './attachments.ts';
import { sayFirst } from './first_message.ts';

const sentence = 'This conversation is deleted.';

// By its own menu: what would be said here would be lost, for the daemon deletes it in a moment.
export function Deleted() {
  return (
    <>
      <ConversationHeader about={null} />
      <div class="ui-empty">
        <p>{sentence}</p>
        <a class="ui-button" href="/">
          New chat
        </a>
      </div>
    </>
  );
}

// Elsewhere, while it was open here.
export function Gone({ conversation }: { conversation: OpenConversation }) {
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    document.title = 'Deleted · assistd';
    announce(sentence);
  }, []);
  const { id } = conversation;
  const unsent = conversation.notSent.value?.unsent;
  const draft = readDraft(id);
  const text = [unsent?.text, draft.text].filter(Boolean).join('\n\n');
  const send = async (): Promise<void> => {
    if (isSending) return;
    setSending(true);
    const isSent = await sayFirst(text, [...(unsent?.attachments ?? []), ...attachmentsOf(id).uploaded()]);
    setSending(false);
    if (!isSent) return;
    conversation.takeBack();
    forgetDrafts(id);
    forgetAttachments(id);
  };
  return (
    <>
      <ConversationHeader about={null} />
      <div class="ui-empty gone">
        <p>{sentence}</p>
        {text && (
          <>
            <div class="bubble" dir="auto">{text}</div>
            <button type="button" class="ui-button is-main" aria-disabled={isSending} onClick={() => void send()}>
              Send it in a new chat
            </button>
          </>
        )}
        <a class="ui-button" href="/">
          New chat
        </a>
      </div>
    </>
  );
}
