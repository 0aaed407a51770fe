// Messages that were not sent, where they were typed again.

import { restoredDraft } from '../state/composer.ts';
import { keepDraft, keepEdit, openEdit, readDraft, readEdits, type Unsent } from '../state/drafts.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import { attachmentsOf } from './attachments.ts';

export function takeBack(conversation: OpenConversation): void {
  const unsent = conversation.takeBack();
  if (unsent) putBack(conversation, unsent);
  restoredDraft.value++;
}

// To where it was typed, in front of what stands there now.
function putBack(conversation: OpenConversation, unsent: Unsent): void {
  const edited = unsent.edits;
  if (edited && conversation.messages.value?.some((one) => one.id === edited)) {
    const typed = readEdits(conversation.id).texts[edited];
    openEdit(conversation.id, edited);
    keepEdit(conversation.id, edited, [unsent.text, typed].filter(Boolean).join('\n\n'));
    return;
  }
  const text = [unsent.text, readDraft(conversation.id).text].filter(Boolean).join('\n\n');
  keepDraft(conversation.id, { text });
  attachmentsOf(conversation.id).putBack(unsent.attachments);
}

// Before the composer's text is sent: what was not sent before takes its place there, for only one message can wait.
export function makeRoom(conversation: OpenConversation): void {
  if (!conversation.notSent.value) return;
  keepDraft(conversation.id, { text: '' });
  takeBack(conversation);
}
