// Which view the address names, and how to go to another one. Links are ordinary <a href>: a click on one is taken here.

import { batch, computed, signal } from '@preact/signals';

export type Route =
  // With the message that is looked for, of a search.
  | { view: 'chat'; conversation: string | null; message?: string | null }
  | { view: 'documents' }
  | { view: 'artifacts'; handle: string | null }
  | { view: 'admin'; section: string }
  | { view: 'unknown'; path: string };

export function routeOf(address: string): Route {
  const [path = '', part = ''] = address.split('#');
  const parts = path.split('/').filter(Boolean).map(decoded);
  if (parts.length === 0) return { view: 'chat', conversation: null };
  if (parts[0] === 'c' && parts.length === 2) return { view: 'chat', conversation: parts[1] ?? null, message: decoded(part) || null };
  if (parts[0] === 'documents' && parts.length === 1) return { view: 'documents' };
  if (parts[0] === 'artifacts' && parts.length <= 2) return { view: 'artifacts', handle: parts[1] ?? null };
  if (parts[0] === 'admin' && parts.length <= 2) return { view: 'admin', section: parts[1] ?? '' };
  return { view: 'unknown', path };
}

// A broken escape is no reason to show nothing.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const here = (): string => location.pathname + location.hash;
const address = signal(here());
export const route = computed(() => routeOf(address.value));
// The file that is open over the view, whichever that is: the address keeps it behind "?file=".
const fileHere = (): string | null => new URLSearchParams(location.search).get('file');
export const fileOver = signal(fileHere());
// What the view's list is narrowed to, such as the words that files are looked for by: the address keeps that there, too.
export const narrowed = signal(narrowedHere());
// What the page keeps with its place in the browser's history, beside the address.
export interface Place {
  // How many files were opened one after the other, to go back from at once.
  files: number;
  passage: object | null;
}
export const placeHere = (): Place | null => history.state as Place | null;
// Counts how often one has gone somewhere: also to where one is.
export const visits = signal(0);

export const conversationPath = (id: string): string => `/c/${encodeURIComponent(id)}`;
export const messagePath = (id: string, message: string): string => `${conversationPath(id)}#${encodeURIComponent(message)}`;

export function go(to: string, { replace = false } = {}): void {
  if (to !== here() || location.search) history[replace ? 'replaceState' : 'pushState'](null, '', to);
  batch(() => {
    look();
    ++visits.value;
  });
}

function look(): void {
  batch(() => {
    address.value = here();
    fileOver.value = fileHere();
    narrowed.value = narrowedHere();
  });
}

function narrowedHere(): string {
  const asked = new URLSearchParams(location.search);
  asked.delete('file');
  return asked.toString();
}

// Back in the browser gives the whole list again, whichever words have been tried.
export function narrow(to: Record<string, string>): void {
  const asked = new URLSearchParams(Object.entries(to).filter(([, text]) => text !== ''));
  const how = narrowed.value ? 'replaceState' : 'pushState';
  history[how](null, '', `${location.pathname}${withQuestion(asked)}${location.hash}`);
  look();
}

const withQuestion = (asked: URLSearchParams): string => (asked.size > 0 ? `?${asked}` : '');

// Over the view that is there; back in the browser closes it.
export function goToFile(handle: string, passage: object | null): void {
  const place: Place = { files: (placeHere()?.files ?? 0) + 1, passage };
  const asked = new URLSearchParams(narrowed.value);
  asked.set('file', handle);
  history.pushState(place, '', `${location.pathname}${withQuestion(asked)}${location.hash}`);
  look();
}

export function leaveFile(): void {
  const files = placeHere()?.files ?? 0;
  if (files > 0) return history.go(-files);
  // It came with the address.
  history.replaceState(null, '', `${location.pathname}${withQuestion(new URLSearchParams(narrowed.value))}${location.hash}`);
  look();
}

// A click that the browser would answer by loading the page again.
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (routeOf(link.pathname).view === 'unknown') return;
  event.preventDefault();
  go(link.pathname + link.hash);
}

export function watchAddress(): void {
  addEventListener('popstate', look);
  document.addEventListener('click', followLink);
}
