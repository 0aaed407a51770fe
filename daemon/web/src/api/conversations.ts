// The calls about conversations and their turns, by name.

import { call, get, patch, post, remove } from './client.ts';
import type {
  Approval, Conversation, ConversationWithMessages, Feedback, Job, Message, Page, Turn,
} from './types.ts';

const at = (id: string): string => `/conversations/${encodeURIComponent(id)}`;

export interface ConversationFilter {
  q: string;
  archived: boolean;
  project_id: string | null;
}

export const listConversations = (filter: ConversationFilter, cursor: string | null, signal?: AbortSignal) =>
  get<{ conversations: Conversation[] } & Page>('/conversations', { query: { ...filter, limit: 40, cursor }, signal });

export interface NewConversation {
  project_id?: string;
  provider?: string;
  model?: string;
  assistant_id?: string;
}

export const createConversation = (fields: NewConversation) => post<Conversation>('/conversations', fields);
export const readConversation = (id: string) => get<ConversationWithMessages>(at(id));
export const changeConversation = (id: string, change: { title?: string | null; model?: string | null; provider?: string | null }) =>
  patch<Conversation>(at(id), change);
export const deleteConversation = (id: string, keepalive: boolean) => remove(at(id), { keepalive });
export const setArchived = (id: string, archived: boolean) =>
  post<Conversation>(`${at(id)}/${archived ? 'archive' : 'unarchive'}`);

// So few that drawing them does not hold up who scrolls.
export const readMessagesBefore = (id: string, before: string) =>
  get<{ messages: Message[]; has_more: boolean }>(`${at(id)}/messages`, { query: { before, limit: 40 } });

export const readMessagesAfter = (id: string, after: string) =>
  get<{ messages: Message[]; has_more: boolean }>(`${at(id)}/messages`, { query: { after, limit: 100 } });
export const readMessagesAround = (id: string, around: string) =>
  get<{ messages: Message[]; has_earlier: boolean; has_later: boolean }>(`${at(id)}/messages`, { query: { around, limit: 60 } });

const turnAt = (id: string, turn: string): string => `${at(id)}/turns/${encodeURIComponent(turn)}`;
export const readTurn = (id: string, turn: string) => get<Turn>(turnAt(id, turn));
export const readTurnMessages = (id: string, turn: string) =>
  get<{ user_message_id: string; messages: Message[] }>(`${turnAt(id, turn)}/messages`);
export const cancelTurn = (id: string, turn: string) => post<Turn>(`${turnAt(id, turn)}/cancel`);

export const giveFeedback = (id: string, message: string, feedback: Feedback | null) =>
  call<Message>('PUT', `${at(id)}/messages/${encodeURIComponent(message)}/feedback`, { body: { feedback } });

export type Decision = 'allow' | 'refuse';
export const decide = (id: string, turn: string, callId: string, decision: Decision, reason: string) =>
  post<Approval>(`${turnAt(id, turn)}/approvals`, { call_id: callId, decision, ...(reason && { reason }) });

export const readJob = (id: string) => get<Job>(`/jobs/${encodeURIComponent(id)}`);
export const cancelJob = (id: string) => call<Job>('POST', `/jobs/${encodeURIComponent(id)}/cancel`);
