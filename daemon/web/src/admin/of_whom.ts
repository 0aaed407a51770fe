// Whose things are shown: everybody's to administrators, who see of others that something is there and how it does.

import { looksAfterAll, me } from '../state/session.ts';

/** What to ask a list with. */
export function ofWhom(): { all?: string } {
  return looksAfterAll.value ? { all: 'true' } : {};
}

export function isOwn(thing: { user: string }): boolean {
  return !looksAfterAll.value || thing.user === me.value?.user;
}

/** What to add to the path of something that is changed. */
export function ownerQuery(thing: { user: string }): string {
  return isOwn(thing) ? '' : `?user=${encodeURIComponent(thing.user)}`;
}
