// What screen readers are told of what happens where the keyboard is not: each sentence once, one after the other. They
// are shown by ui/announcements.tsx, out of sight.

import { signal } from '@preact/signals';

export interface Announcement {
  id: number;
  text: string;
  // Where it is said: a place that comes or comes back must not say what was said elsewhere.
  place: number;
}

// The release of the key that has brought something about silences what some screen readers are saying.
const afterMs = 150;
// What comes at one moment, as they see it, is said in any order. It takes longer than that to say one.
const betweenMs = 600;
// Who is in another window for longer is told all the same, for those who listen to several.
const backWithinMs = 2_000;
// Whoever reads through the page later does not find it there a second time.
const keptMs = 5_000;

export const announcements = signal<Announcement[]>([]);
// Of the page, and of each dialog that is open, the topmost last: what is behind it does not exist for screen readers.
const places: number[] = [];
export const topPlace = signal(0);
const waiting: string[] = [];
let isSaying = false;
let taking: ReturnType<typeof setTimeout> | undefined;
let newest = 0;
let before = '';

export function announce(text: string): void {
  if (!text) return;
  waiting.push(text);
  if (isSaying) return;
  isSaying = true;
  sayAfter(afterMs);
}

function sayAfter(milliseconds: number): void {
  setTimeout(sayWhenListened, milliseconds);
}

// A window that is coming back, as from the browser's own dialog for files, is not listened to yet.
function sayWhenListened(): void {
  if (waiting.length === 0 || document.hasFocus()) return sayNext();
  const go = (): void => {
    removeEventListener('focus', go);
    clearTimeout(late);
    setTimeout(sayNext, afterMs);
  };
  const late = setTimeout(go, backWithinMs);
  addEventListener('focus', go);
}

function sayNext(): void {
  const text = waiting.shift();
  isSaying = text !== undefined;
  if (text === undefined) return;
  clearTimeout(taking);
  taking = setTimeout(takeAway, keptMs);
  sayAfter(betweenMs);
  before = unlike(before, text);
  announcements.value = [...announcements.value, { id: ++newest, text: before, place: topPlace.value }];
}

// The same twice in a row is taken for an echo by some screen readers: for them it is made another text.
export const unlike = (before: string, text: string): string => (text === before ? `${text}\u00a0` : text);

// What comes while something else goes may not be heard.
function takeAway(): void {
  announcements.value = [];
  if (isSaying) return;
  isSaying = true;
  sayAfter(betweenMs);
}

// Gives the place its number. What the one below has said would be said again when it comes back.
export function openPlace(): number {
  const place = ++newest;
  if (announcements.value.length > 0) takeAway();
  places.push(place);
  topPlace.value = place;
  return place;
}

export function closePlace(place: number): void {
  places.splice(places.indexOf(place), 1);
  topPlace.value = places.at(-1) ?? 0;
}

const stepMs = 5_000;

// How far something is, every few seconds: what is quick is told by its end alone.
export function tellProgress(name: string): (fraction: number) => void {
  let told = Date.now();
  return (fraction) => {
    if (fraction >= 1 || Date.now() - told < stepMs) return;
    told = Date.now();
    announce(`${name}: ${Math.round(fraction * 100)} % uploaded.`);
  };
}
