// Short sentences at the edge of the page that go by themselves, with at most one action.

import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void };
}

export const toasts = signal<Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let newest = 0;

export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> & { forMs?: number } = {}): number {
  const { tone = 'plain', action, forMs = tone === 'error' ? 10_000 : 5_000 } = options;
  const id = ++newest;
  toasts.value = [...toasts.value, { id, text, tone, action }];
  timers.set(id, setTimeout(() => dismissToast(id), forMs));
  return id;
}

export const showError = (text: string): number => showToast(text, { tone: 'error' });

export function dismissToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
