// What is on its way: what a person has just said, the turn that answers it, and what did not get through.

import type { ArtifactRef, Attachment, Message } from '../api/types.ts';
import type { TurnView } from '../chat/turn_view.ts';
import type { Unsent } from './drafts.ts';

export interface Said {
  text: string;
  attachments: ArtifactRef[];
}

// A turn that goes on, or whose end is not loaded yet.
export interface LiveTurn {
  key: string;
  // What was just said; null when a message that stands above is answered (again).
  said: Said | null;
  view: TurnView;
  broken: boolean;
  // Another reply goes on, in another window or through another door: the daemon takes the message when that has ended.
  waits: boolean;
  stopping: boolean;
}

// A message that did not get through.
export interface NotSent {
  unsent: Unsent;
  reason: string;
  // Whether the same may get through another time.
  mayRetry: boolean;
}

// As the daemon gives it.
export function messageOf(id: string, { text, attachments }: Said, turn: string | null): Message {
  return {
    id,
    role: 'user',
    content: text,
    attachments: attachments.map(({ id: artifact, handle, name, media_type, size }) => ({ artifact, handle, name, media_type, size })),
    tool_calls: null,
    tool_call_id: null,
    created_at: new Date().toISOString(),
    turn_id: turn,
    replies: 1,
  };
}

// Of pictures that came through other doors only the id is known: it serves as well.
export function artifactOf({ artifact, handle = artifact, name = artifact, media_type, size = 0 }: Attachment): ArtifactRef {
  const url = `/api/v1/ai/artifacts/${encodeURIComponent(handle)}/content`;
  return { id: artifact, handle, kind: 'file', name, media_type, size, url };
}

// Whether the daemon has taken it, though nobody here has heard so.
export function hasArrived({ text, after }: Unsent, messages: Message[]): boolean {
  const since = messages.slice(messages.findIndex((one) => one.id === after) + 1);
  return since.some((one) => one.role === 'user' && one.content.startsWith(text));
}
