// What this tab keeps of what its user has typed, until it is closed. Small texts are in sessionStorage, which takes a few
// million characters for all of them; what is large, or finds no room there, is in IndexedDB (large_texts.ts). Where nothing
// takes a text the user is told so, and asked before the page is left.

import { newKey } from './keys.ts';
import { putLarge, readLarge, removeAllLarge, removeLarge, sweepLarge } from './large_texts.ts';
import { answerOtherTabs, askOtherTabs } from './other_tabs.ts';

const largeFrom = 100_000;
const noRoom = 'The browser has no room to keep this text: it is lost when the page is loaded again or closed. Copy it to somewhere else first.';
const notRead = 'The browser does not give back a long text that was kept here. Load the page again to see it.';

// Whose texts these are.
const WHOSE = 'assistd.whose';
// Under which ids the large ones are in IndexedDB, by their keys.
const LARGE = 'assistd.large';
// The ids of those that nothing names yet, or any more: what the page leaves there when it goes, the next one takes away.
const UNNAMED = 'assistd.large.unnamed';

// What this page knows itself; the stores are for the page after it.
const known = new Map<string, object | null>();
const unkept = new Set<string>();
const told = new Set<string>();
let writing: Promise<void> = Promise.resolve();
// The ids that this page has found and another tab goes on with: they are left alone.
let others: Promise<Set<string>> = Promise.resolve(new Set());
let tell: (sentence: string) => void = () => undefined;

// How the user is told of what is not kept.
export function tellBy(teller: (sentence: string) => void): void {
  tell = teller;
}

export function read<T>(key: string): T | null {
  return known.has(key) ? (known.get(key) as T | null) : readSmall<T>(key);
}

export function keep(key: string, value: object | null): void {
  known.set(key, value);
  const text = textOf(value);
  const isKept = text.length < largeFrom && setSmall(key, text);
  if (isKept || !value) {
    // At once, for the page may go: an older text must not come back.
    const id = largeIds()[key];
    if (id) letGoOf(key, id);
    settle(key);
    return;
  }
  unkept.add(key);
  addEventListener('beforeunload', askBeforeLeaving);
  writing = writing.then(() => write(key));
}

// Before the page is drawn. Null when there is nothing to wait for, which is nearly always.
export function restoreLarge(): Promise<void> | null {
  answerOtherTabs(() => [...Object.values(largeIds()), ...unnamedIds()]);
  const ids = Object.entries(largeIds());
  const named = new Set(Object.values(largeIds()));
  others = askOtherTabs([...named, ...unnamedIds()]);
  for (const id of unnamedIds()) if (!named.has(id)) void takeAway(id);
  if (ids.length === 0) return null;
  const restore = async ([key, id]: [string, string]): Promise<void> => {
    const found = await readLarge(id);
    if (found) known.set(key, found.value);
  };
  const restored = Promise.all(ids.map(restore)).then(() => undefined, () => void tell(notRead));
  writing = restored.then(partFromOthers);
  return restored;
}

// What another tab goes on with is kept here under an id of its own.
async function partFromOthers(): Promise<void> {
  const theirs = await others;
  for (const [key, id] of Object.entries(largeIds())) {
    if (!theirs.has(id) || !known.get(key)) continue;
    unkept.add(key);
    addEventListener('beforeunload', askBeforeLeaving);
    await write(key);
  }
}

// True when what this tab keeps was somebody else's, whose it stays: it is forgotten.
export function takeOver(user: string): boolean {
  try {
    const before = sessionStorage.getItem(WHOSE);
    const isAnother = before !== null && before !== user;
    if (isAnother) sessionStorage.clear();
    sessionStorage.setItem(WHOSE, user);
    sweepLarge(user, Date.now()).catch(notThere);
    return isAnother;
  } catch {
    return false; // the browser keeps nothing
  }
}

export async function forgetAll(): Promise<void> {
  sessionStorage.clear();
  await removeAllLarge().catch(notThere);
}

// A browser that keeps no such store has nothing in it either.
const notThere = (): void => undefined;

// What is still on its way to the larger store may find room in the smaller one, where it is kept at once.
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  for (const key of [...unkept]) {
    const value = known.get(key);
    if (value && keepAmongSmall(key, value)) settle(key);
  }
  if (unkept.size > 0) event.preventDefault();
}

const textOf = (value: object | null): string => (value ? JSON.stringify(value) : '');

function settle(key: string): void {
  told.delete(key);
  unkept.delete(key);
  if (unkept.size === 0) removeEventListener('beforeunload', askBeforeLeaving);
}

function letGoOf(key: string, id: string): void {
  setUnnamed([...unnamedIds(), id]);
  setLargeId(key, null);
  void takeAway(id);
}

// One after the other. What has changed meanwhile is written by the next, or was at once.
async function write(key: string): Promise<void> {
  const value = known.get(key);
  if (!value || !unkept.has(key)) return;
  const isKept = (await keepLarge(key, value)) || (known.get(key) === value && keepAmongSmall(key, value));
  if (known.get(key) !== value) return;
  if (isKept) settle(key);
  else if (!told.has(key)) {
    told.add(key);
    tell(noRoom);
  }
}

async function keepLarge(key: string, value: object): Promise<boolean> {
  const theirs = await others;
  const named = largeIds()[key];
  const isNew = named === undefined || theirs.has(named);
  const id = isNew ? newKey() : named;
  if (isNew) setUnnamed([...unnamedIds(), id]);
  const isThere = await putLarge(id, { value, whose: readWhose(), at: Date.now() }).then(() => true, () => false);
  const isWanted = known.get(key) === value && (isNew || largeIds()[key] === id);
  if (isThere && isWanted && setLargeId(key, id)) {
    setUnnamed(unnamedIds().filter((one) => one !== id));
    return setSmall(key, '');
  }
  // What came after it has let go of it, or it never got its name.
  if (largeIds()[key] !== id) await takeAway(id);
  return false;
}

// There may be room where the small ones are.
function keepAmongSmall(key: string, value: object): boolean {
  if (!setSmall(key, textOf(value))) return false;
  const id = largeIds()[key];
  if (id) letGoOf(key, id);
  return true;
}

async function takeAway(id: string): Promise<void> {
  if (!(await others).has(id)) await removeLarge(id).catch(notThere);
  setUnnamed(unnamedIds().filter((one) => one !== id));
}

const unnamedIds = (): string[] => readSmall<string[]>(UNNAMED) ?? [];
const setUnnamed = (ids: string[]): boolean => setSmall(UNNAMED, ids.length > 0 ? JSON.stringify(ids) : '');

function readWhose(): string | null {
  try {
    return sessionStorage.getItem(WHOSE);
  } catch {
    return null;
  }
}

function readSmall<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

// False when there is no room for it, or the browser forbids it. An older text must not come back in its place.
function setSmall(key: string, text: string): boolean {
  try {
    sessionStorage.removeItem(key);
    if (text) sessionStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

const largeIds = (): Record<string, string> => readSmall<Record<string, string>>(LARGE) ?? {};

function setLargeId(key: string, id: string | null): boolean {
  const { [key]: before, ...others } = largeIds();
  if (before === (id ?? undefined)) return true;
  const all = id ? { ...others, [key]: id } : others;
  try {
    if (Object.keys(all).length === 0) sessionStorage.removeItem(LARGE);
    else sessionStorage.setItem(LARGE, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}
