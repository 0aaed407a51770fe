// What was typed and not sent, and what was sent and not heard of, for each conversation, until the tab is closed. So
// neither another view nor a reload nor a crash of the page loses a word.

import type { ArtifactRef } from '../api/types.ts';
import { keep, read } from './tab_store.ts';

export interface Draft {
  text: string;
  attachments: ArtifactRef[];
}

export interface Unsent extends Draft {
  // The Idempotency-Key it was sent with.
  key: string;
  // The message that it was to take the place of.
  edits: string | null;
  // The last message that stood before it; null when there was none. Clocks do not tell: the daemon has its own.
  after: string | null;
}

// Messages that are being said differently.
export interface Edits {
  // The one whose editor is open.
  open: string | null;
  // What was typed, by the message.
  texts: Record<string, string>;
}

const newChat = 'new';
const draftKey = (conversation: string | null): string => `assistd.draft.${conversation ?? newChat}`;
const editsKey = (conversation: string): string => `assistd.edits.${conversation}`;
const unsentKey = (conversation: string): string => `assistd.unsent.${conversation}`;

export function readDraft(conversation: string | null): Draft {
  return read<Draft>(draftKey(conversation)) ?? { text: '', attachments: [] };
}

// What is not given stays: the text is the composer's, the attachments arrive when they are uploaded.
export function keepDraft(conversation: string | null, change: Partial<Draft>): void {
  const draft = { ...readDraft(conversation), ...change };
  keep(draftKey(conversation), draft.text || draft.attachments.length > 0 ? draft : null);
}

export const readUnsent = (conversation: string): Unsent | null => read<Unsent>(unsentKey(conversation));
export const keepUnsent = (conversation: string, unsent: Unsent | null): void => keep(unsentKey(conversation), unsent);

export const readEdits = (conversation: string): Edits => read<Edits>(editsKey(conversation)) ?? { open: null, texts: {} };

export function openEdit(conversation: string, message: string): void {
  keep(editsKey(conversation), { ...readEdits(conversation), open: message });
}

export function keepEdit(conversation: string, message: string, text: string): void {
  const { open, texts } = readEdits(conversation);
  keep(editsKey(conversation), { open, texts: { ...texts, [message]: text } });
}

export function endEdit(conversation: string): void {
  const { open, texts } = readEdits(conversation);
  const left = Object.entries(texts).filter(([message]) => message !== open);
  keep(editsKey(conversation), left.length > 0 ? { open: null, texts: Object.fromEntries(left) } : null);
}

export function forgetDrafts(conversation: string): void {
  keep(draftKey(conversation), null);
  keep(unsentKey(conversation), null);
  keep(editsKey(conversation), null);
}

// Why a call is about to be refused, by the call.
const reasonKey = (call: string): string => `assistd.reason.${call}`;
export const readReason = (call: string): string => read<{ text: string }>(reasonKey(call))?.text ?? '';
export const keepReason = (call: string, text: string): void => keep(reasonKey(call), text ? { text } : null);
