// Which view the address names, and how to go to another one. Links are ordinary <a href>: a click on one is taken here.

import { computed, signal } from '@preact/signals';

export type Route =
  | { view: 'chat'; conversation: string | null }
  | { view: 'documents' }
  | { view: 'artifacts'; handle: string | null }
  | { view: 'admin'; section: string }
  | { view: 'unknown'; path: string };

export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (parts.length === 0) return { view: 'chat', conversation: null };
  if (parts[0] === 'c' && parts.length === 2) return { view: 'chat', conversation: parts[1] ?? null };
  if (parts[0] === 'documents' && parts.length === 1) return { view: 'documents' };
  if (parts[0] === 'artifacts' && parts.length <= 2) return { view: 'artifacts', handle: parts[1] ?? null };
  if (parts[0] === 'admin' && parts.length <= 2) return { view: 'admin', section: parts[1] ?? '' };
  return { view: 'unknown', path };
}

const path = signal(location.pathname);
export const route = computed(() => routeOf(path.value));

export const conversationPath = (id: string): string => `/c/${encodeURIComponent(id)}`;

export function go(to: string, { replace = false } = {}): void {
  if (to !== location.pathname) history[replace ? 'replaceState' : 'pushState'](null, '', to);
  path.value = location.pathname;
}

// A click that the browser would answer by loading the page again.
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (routeOf(link.pathname).view === 'unknown') return;
  event.preventDefault();
  go(link.pathname);
}

export function watchAddress(): void {
  addEventListener('popstate', () => {
    path.value = location.pathname;
  });
  document.addEventListener('click', followLink);
}
