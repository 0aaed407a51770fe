// The conversation in which one was last, in this tab; null is a new one.

import { effect, signal } from '@preact/signals';
import { deleted } from './conversation_list.ts';
import { route } from './route.ts';

export const lastChat = signal<string | null>(null);

effect(() => {
  const where = route.value;
  if (where.view === 'chat') lastChat.value = where.conversation;
});
effect(() => {
  if (lastChat.value !== null && deleted.value.has(lastChat.value)) lastChat.value = null;
});
