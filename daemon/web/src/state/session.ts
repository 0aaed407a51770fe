// Who is logged in, and what has to stand beside the login's cookie where something is changed. Asked for once, when the
// page begins; nothing waits for it but what changes something.

import { computed, signal } from '@preact/signals';
import { comeBack } from './connection.ts';
import { hasFilesOnTheWay, stopFilesOnTheWay } from './on_the_way.ts';
import { forgetAll, takeOver } from './tab_store.ts';

export interface Me {
  user: string;
  role: 'user' | 'admin';
  scopes: string[];
  auth: 'none' | 'keys' | 'jwt';
  // And logins; else tokens only.
  takes_keys: boolean;
  has_password: boolean;
  // Of a login; whoever needs none, or whose proxy brings a token along, has none.
  csrf_token?: string;
}

export const me = signal<Me | null>(null);
export const needsLogin = signal(false);
/** An administrator, by a login that may be one: Administration is about everybody then. */
export const looksAfterAll = computed(() => me.value?.role === 'admin' && me.value.scopes.includes('admin'));

// A key may be for reading alone. Before it is known who asks, the daemon says no where it has to.
export const mayWrite = computed(() => me.value?.scopes.includes('write') ?? true);
export const readsOnly = 'You may read here, but not write.';

export const SESSION = '/api/v1/session';
const ME = '/api/v1/ai/me';

let asking: Promise<void> | null = null;

export function askWhoIAm(): Promise<void> {
  asking ??= ask();
  return asking;
}

async function ask(): Promise<void> {
  try {
    const reply = await fetch(ME, { cache: 'no-store' });
    if (reply.status === 401) needsLogin.value = true;
    else if (!reply.ok) asking = null;
    else {
      const who = (await reply.json()) as Me;
      // What is drawn already may be of the one before.
      if (takeOver(who.user)) beginAnew();
      else me.value = who;
    }
  } catch {
    asking = null; // the daemon is away; whoever needs it asks again
  }
}

export function reportRefused(): void {
  needsLogin.value = true;
}

// For requests that change something. At once when it is known, since a page that is being left waits for nothing.
export function guardHeaders(): Record<string, string> | Promise<Record<string, string>> {
  return me.value ? headersOf(me.value) : askWhoIAm().then(() => headersOf(me.value));
}

function headersOf(who: Me | null): Record<string, string> {
  return who?.csrf_token ? { 'X-CSRF-Token': who.csrf_token } : {};
}

async function lookWho(): Promise<Response | null> {
  return fetch(ME, { cache: 'no-store' }).catch(() => null);
}

export async function goOnAfterLogin(): Promise<void> {
  const reply = await lookWho();
  if (reply?.ok) comeIn((await reply.json()) as Me);
  else if (!hasFilesOnTheWay()) beginAnew();
}

// Who has files on their way goes on where they are, since only this page has them; else the page begins anew with what the
// tab has kept.
function comeIn(who: Me): void {
  if (takeOver(who.user)) stopFilesOnTheWay();
  if (!hasFilesOnTheWay()) return beginAnew();
  me.value = who;
  needsLogin.value = false;
  comeBack();
}

// In another tab, whoever it is may have logged out, or in, or somebody else has: this one looks when one comes back to it.
export function watchLogin(): void {
  const look = async (): Promise<void> => {
    const before = me.peek();
    if (document.visibilityState !== 'visible' || !(needsLogin.peek() || before?.csrf_token)) return;
    const reply = await lookWho();
    if (reply?.status === 401) reportRefused();
    if (!reply?.ok) return;
    const who = (await reply.json()) as Me;
    if (needsLogin.peek() || who.user !== before?.user) comeIn(who);
    else me.value = who;
  };
  document.addEventListener('visibilitychange', () => void look());
  addEventListener('focus', () => void look());
}

// Everything that the page knows was somebody else's: it begins anew.
export function beginAnew(): void {
  location.reload();
}

export async function logOut(): Promise<void> {
  await fetch(SESSION, { method: 'DELETE' });
  await forgetAll();
  beginAnew();
}
