// Messages that were not sent, where they were typed again.

import type { Message } from '../api/types.ts';
import { restoredDraft } from '../state/composer.ts';
import { keepDraft, keepEdit, openEdit, readDraft, readEdits, type Unsent } from '../state/drafts.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import { attachmentsOf } from './attachments.ts';
import { cutAfter } from './entries.ts';

export function takeBack(conversation: OpenConversation): void {
  const unsent = conversation.takeBack();
  if (unsent) putBack(conversation, unsent, conversation.messages.value ?? []);
  restoredDraft.value++;
}

// To where it was typed, in front of what stands there now; to the composer when the message that it was to replace does not
// stay.
function putBack(conversation: OpenConversation, unsent: Unsent, stays: Message[]): void {
  const edited = unsent.edits;
  if (edited && stays.some((one) => one.id === edited)) {
    const typed = readEdits(conversation.id).texts[edited];
    openEdit(conversation.id, edited);
    keepEdit(conversation.id, edited, [unsent.text, typed].filter(Boolean).join('\n\n'));
    return;
  }
  const text = [unsent.text, readDraft(conversation.id).text].filter(Boolean).join('\n\n');
  keepDraft(conversation.id, { text });
  attachmentsOf(conversation.id).putBack(unsent.attachments);
}

// Before something else is said: what was not sent goes back, for only one message can wait. `edited` is the message that is
// said differently now, which takes away what stands behind it; null when the composer's text is sent, which leaves it.
export function makeRoom(conversation: OpenConversation, edited: string | null = null): void {
  if (!conversation.notSent.value) return;
  if (!edited) keepDraft(conversation.id, { text: '' });
  const unsent = conversation.takeBack();
  const stays = edited ? cutAfter(conversation.messages.value ?? [], edited, true) : conversation.messages.value;
  if (unsent) putBack(conversation, unsent, stays ?? []);
  restoredDraft.value++;
}
