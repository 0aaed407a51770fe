// Short sentences at the edge of the page that go by themselves, with at most one action.

import { effect, signal } from '@preact/signals';
import { announce } from './announcements.ts';
import { isOnline } from './connection.ts';
import { isMac } from './platform.ts';
import { route } from './route.ts';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void };
  // It has gone without its action having been asked for.
  onGone?: () => void;
  // Said while the daemon did not answer: no longer true when it does.
  isWhileAway: boolean;
}

// As long as somebody may need who hears first what was done, and then comes to the button by keys.
export const actionMs = 20_000;

export const undoKeys = isMac ? 'Meta+Z' : 'Control+Z';

export const toasts = signal<Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let newest = 0;

export function showToast(text: string, options: Partial<Pick<Toast, 'tone' | 'action' | 'onGone'>> = {}): number {
  const { tone = 'plain', action, onGone } = options;
  const id = ++newest;
  // The same again takes the place of the one before.
  for (const same of toasts.peek()) if (same.text === text && !same.action) dismissToast(same.id);
  const toast: Toast = { id, text, tone, action, onGone, isWhileAway: !isOnline.value };
  toasts.value = [...toasts.value, toast];
  letGoOfToast(id);
  // Errors are alerts.
  if (tone === 'plain') announce(action ? `${text} ${action.label}: ${isMac ? 'Command' : 'Control'} Z.` : text);
  return id;
}

export const showError = (text: string): number => showToast(text, { tone: 'error' });

// It stays as long as somebody is at it.
export function holdToast(id: number): void {
  clearTimeout(timers.get(id));
}

export function letGoOfToast(id: number): void {
  const toast = toasts.peek().find((one) => one.id === id);
  if (!toast) return;
  clearTimeout(timers.get(id));
  const forMs = toast.tone === 'error' ? 10_000 : toast.action ? actionMs : 5_000;
  timers.set(id, setTimeout(() => dismissToast(id), forMs));
}

export function dismissToast(id: number): void {
  takeOff(id)?.onGone?.();
}

// What was said is answered with it.
export function actOn(toast: Toast): void {
  if (!takeOff(toast.id) || !toast.action) return;
  toast.action.run();
  announce(`${toast.action.label}: done.`);
}

function takeOff(id: number): Toast | undefined {
  clearTimeout(timers.get(id));
  timers.delete(id);
  const toast = toasts.peek().find((one) => one.id === id);
  if (toast) toasts.value = toasts.peek().filter((one) => one !== toast);
  return toast;
}

// The last thing that can be undone, for the keyboard; null when there is none.
export function lastAction(): (() => void) | null {
  const toast = toasts.peek().findLast((one) => one.action);
  return toast ? () => actOn(toast) : null;
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
