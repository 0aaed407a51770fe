// What a person has just said, on its way to becoming a message like the others.

import type { ArtifactRef, Message } from '../api/types.ts';

export interface Said {
  text: string;
  attachments: ArtifactRef[];
}

// As the daemon gives it.
export function messageOf(id: string, { text, attachments }: Said, turn: string | null): Message {
  const pictures = attachments.filter((one) => one.media_type.startsWith('image/'));
  const others = attachments.filter((one) => !one.media_type.startsWith('image/'));
  return {
    id,
    role: 'user',
    content: text + others.map((one) => `\n[attached: ${one.handle}, ${one.name}]`).join(''),
    attachments: pictures.map((one) => ({ artifact: one.id, media_type: one.media_type })),
    tool_calls: null,
    tool_call_id: null,
    created_at: new Date().toISOString(),
    turn_id: turn,
    replies: 1,
  };
}

// crypto.randomUUID is there on secure addresses only.
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
