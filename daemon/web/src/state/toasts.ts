// Short sentences at the edge of the page that go by themselves, with at most one action.

import { effect, signal } from '@preact/signals';
import { isOnline } from './connection.ts';
import { route } from './route.ts';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void };
  // Said while the daemon did not answer: no longer true when it does.
  isWhileAway: boolean;
}

// As long as somebody may need who comes to the button by keys.
export const actionMs = 8_000;

export const toasts = signal<Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let newest = 0;

export function showToast(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): number {
  const { tone = 'plain', action } = options;
  const forMs = tone === 'error' ? 10_000 : action ? actionMs : 5_000;
  const id = ++newest;
  // The same again takes the place of the one before.
  for (const same of toasts.peek()) if (same.text === text && !same.action) dismissToast(same.id);
  toasts.value = [...toasts.value, { id, text, tone, action, isWhileAway: !isOnline.value }];
  timers.set(id, setTimeout(() => dismissToast(id), forMs));
  return id;
}

export const showError = (text: string): number => showToast(text, { tone: 'error' });

export function dismissToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

function dismissAll(which: (toast: Toast) => boolean): void {
  for (const toast of toasts.peek()) if (which(toast)) dismissToast(toast.id);
}

effect(() => {
  if (isOnline.value) dismissAll((toast) => toast.tone === 'error' && toast.isWhileAway);
});
// An error is about what one was doing in the view that one has left.
effect(() => {
  void route.value;
  dismissAll((toast) => toast.tone === 'error');
});
