// The list in the sidebar: which conversations are in it, how it is filtered, and what is done to one of them.

import { signal } from '@preact/signals';
import { isAbort, sentenceOf } from '../api/client.ts';
import { changeConversation, type ConversationFilter, deleteConversation, listConversations, setArchived } from '../api/conversations.ts';
import type { Conversation } from '../api/types.ts';
import { forgetAttachments } from '../chat/attachments.ts';
import { announce } from './announcements.ts';
import { isOnline } from './connection.ts';
import { forgetDrafts } from './drafts.ts';
import { showError, showToast } from './toasts.ts';
import { doUndoably } from './undoable.ts';

export const filter = signal<ConversationFilter>({ q: '', archived: false, project_id: null });
export const conversations = signal<Conversation[] | null>(null);
// What the list that is shown was asked for.
export const listedFor = signal<ConversationFilter | null>(null);
export const listError = signal<string | null>(null);
export const hasMore = signal(false);

// Those in which a turn goes on that this page follows.
export const running = signal<ReadonlySet<string>>(new Set());

export function markRunning(id: string, goesOn: boolean): void {
  const next = new Set(running.value);
  if (goesOn) next.add(id);
  else next.delete(id);
  running.value = next;
}

let cursor: string | null = null;
let loading: AbortController | null = null;
// Deleted here, though the daemon does not know yet.
export const deleted = signal<ReadonlySet<string>>(new Set());

export async function loadConversations(): Promise<void> {
  loading?.abort();
  const mine = new AbortController();
  loading = mine;
  try {
    const asked = filter.value;
    const page = await listConversations(asked, null, mine.signal);
    if (mine.signal.aborted) return;
    // What was scrolled into view already stays in view.
    const first = page.conversations;
    const ids = new Set(first.map((one) => one.id));
    const oldest = first.at(-1)?.updated_at ?? '';
    const below = page.has_more && cursor !== null ? (conversations.value ?? []).filter((one) => !ids.has(one.id) && one.updated_at < oldest) : [];
    if (below.length === 0) {
      cursor = page.next_cursor;
      hasMore.value = page.has_more;
    }
    conversations.value = [...first, ...below].filter((one) => !deleted.value.has(one.id));
    listedFor.value = asked;
    listError.value = null;
  } catch (error) {
    if (!isAbort(error)) listError.value = sentenceOf(error);
  } finally {
    if (loading === mine) loading = null;
  }
}

// What other windows, doors and jobs have done meanwhile; a search stays as it was found.
export async function refreshConversations(): Promise<void> {
  if (loading || filter.value.q || !isOnline.value || document.visibilityState !== 'visible') return;
  await loadConversations();
}

export async function loadMoreConversations(): Promise<void> {
  if (!hasMore.value || loading || !cursor) return;
  const mine = new AbortController();
  loading = mine;
  try {
    const page = await listConversations(filter.value, cursor, mine.signal);
    const known = conversations.value ?? [];
    const ids = new Set(known.map((one) => one.id));
    conversations.value = [...known, ...page.conversations.filter((one) => !ids.has(one.id) && !deleted.value.has(one.id))];
    cursor = page.next_cursor;
    hasMore.value = page.has_more;
  } catch (error) {
    if (!isAbort(error)) listError.value = sentenceOf(error);
  } finally {
    if (loading === mine) loading = null;
  }
}

export function setFilter(change: Partial<ConversationFilter>): void {
  filter.value = { ...filter.value, ...change };
  cursor = null;
  void loadConversations();
}

// Newest first. One that does not fit the filter does not show up because of a change.
export function conversationChanged(now: Conversation): void {
  const list = conversations.value;
  if (!list || deleted.value.has(now.id)) return;
  const others = list.filter((one) => one.id !== now.id);
  // What only lists tell stays.
  const { hit, first_message_preview } = list.find((one) => one.id === now.id) ?? {};
  const changed = { ...(hit !== undefined && { hit }), ...(first_message_preview && { first_message_preview }), ...now };
  const { q, archived, project_id } = filter.value;
  const wasThere = others.length < list.length;
  if (changed.is_archived !== archived || (!wasThere && (q || (project_id && changed.project_id !== project_id)))) {
    conversations.value = others;
    return;
  }
  const at = others.findIndex((one) => one.updated_at < changed.updated_at);
  conversations.value = at < 0 ? [...others, changed] : [...others.slice(0, at), changed, ...others.slice(at)];
}

// It is not there any more.
export function notListed(id: string): void {
  conversations.value = conversations.value?.filter((one) => one.id !== id) ?? null;
}

// A title without a word is found anew by the daemon.
export async function rename(conversation: Conversation, title: string): Promise<Conversation | null> {
  try {
    const changed = await changeConversation(conversation.id, { title: title.trim() || null });
    conversationChanged(changed);
    announce(`The conversation is called “${titleOf(changed)}” now.`);
    return changed;
  } catch (error) {
    showError(sentenceOf(error));
    return null;
  }
}

export async function archive(conversation: Conversation, archived: boolean): Promise<void> {
  try {
    conversationChanged(await setArchived(conversation.id, archived));
    showToast(archived ? 'Archived.' : 'Back in the list.', {
      action: { label: 'Undo', run: () => void archive(conversation, !archived) },
    });
    if (!archived || !filter.value.archived) return;
    await loadConversations();
  } catch (error) {
    showError(sentenceOf(error));
  }
}

export function deleteWithUndo(conversation: Conversation, onBack: () => void): void {
  deleted.value = new Set(deleted.value).add(conversation.id);
  conversations.value = (conversations.value ?? []).filter((one) => one.id !== conversation.id);
  const back = (): void => {
    deleted.value = new Set([...deleted.value].filter((id) => id !== conversation.id));
    conversationChanged(conversation);
    onBack();
  };
  const perform = async (keepalive: boolean): Promise<void> => {
    await deleteConversation(conversation.id, keepalive);
    forgetDrafts(conversation.id);
    forgetAttachments(conversation.id);
  };
  doUndoably(`“${titleOf(conversation)}” is deleted.`, perform, back);
}

// One that came to nothing. When it cannot be deleted it is in the list again.
export async function deleteEmpty(id: string): Promise<void> {
  deleted.value = new Set(deleted.value).add(id);
  conversations.value = (conversations.value ?? []).filter((one) => one.id !== id);
  try {
    await deleteConversation(id, false);
  } catch {
    deleted.value = new Set([...deleted.value].filter((one) => one !== id));
    await loadConversations();
  }
}

// Without a title, as one that was begun by another door, what was said first tells it from others.
export function titleOf(conversation: Pick<Conversation, 'title' | 'first_message_preview'> | null): string {
  return conversation?.title || conversation?.first_message_preview || 'New conversation';
}
