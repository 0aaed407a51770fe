// The first message of a conversation, which is made for it.

import { ApiError, ConnectionError, sentenceOf } from '../api/client.ts';
import { createConversation } from '../api/conversations.ts';
import type { ArtifactRef } from '../api/types.ts';
import { chosen, loadChoices } from '../state/choices.ts';
import { restoredDraft } from '../state/composer.ts';
import { conversationChanged, deleteEmpty } from '../state/conversation_list.ts';
import { forgetDrafts, keepDraft, readDraft } from '../state/drafts.ts';
import { forgetConversation, type OpenConversation, openConversation } from '../state/open_conversation.ts';
import { conversationPath, go, route } from '../state/route.ts';
import { needsLogin } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { attachmentsOf, forgetAttachments } from './attachments.ts';

// False when the message is to stay in the composer.
export async function sayFirst(text: string, attachments: ArtifactRef[]): Promise<boolean> {
  try {
    const made = await createConversation(chosen.value);
    const conversation = openConversation(made.id);
    conversation.begin(made);
    void conversation.send(text, attachments).then(() => goBackIfRefused(conversation));
    conversationChanged(made);
    go(conversationPath(made.id));
    return true;
  } catch (error) {
    const isProjectGone = error instanceof ApiError && error.details.some(({ field }) => field === 'project_id');
    if (isProjectGone) void loadChoices();
    const what = isProjectGone ? 'The project that was picked is gone.' : sentenceOf(error);
    const when = error instanceof ConnectionError ? 'send it when assistd is back' : 'send it again';
    showError(`${what} Your message is still here: ${when}.`);
    return false;
  }
}

// A conversation whose only message was refused would stay in the list with nothing in it.
function goBackIfRefused(conversation: OpenConversation): void {
  const { id } = conversation;
  const refused = conversation.notSent.value;
  const isEmpty = conversation.messages.value?.length === 0;
  const isWrittenIn = readDraft(id).text !== '' || attachmentsOf(id).list.value.length > 0;
  // Whoever has to log in again finds it where it is.
  if (!refused || !isEmpty || isWrittenIn || needsLogin.value) return;
  keepDraft(null, { text: [refused.unsent.text, readDraft(null).text].filter(Boolean).join('\n\n') });
  attachmentsOf(null).putBack(refused.unsent.attachments);
  restoredDraft.value++;
  const where = route.value;
  if (where.view === 'chat' && where.conversation === id) go('/', { replace: true });
  forgetDrafts(id);
  forgetAttachments(id);
  forgetConversation(id);
  void deleteEmpty(id);
  showError(`${refused.reason} Your message is back in a new chat.`);
}
