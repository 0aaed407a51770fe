// Which artifact is open in the full window. The address stays, so closing it is back where one was; an address that
// names an artifact becomes that of the list.

import { signal } from '@preact/signals';

import type { PassagePlace } from '../documents/passage.ts';
import { go, route } from '../state/route.ts';

export const openedArtifact = signal<string | null>(null);

/** What is to be seen first of its text. */
export const openedPassage = signal<PassagePlace | null>(null);

export function openArtifact(handle: string, passage: PassagePlace | null = null): void {
  openedPassage.value = passage;
  openedArtifact.value = handle;
}

export function closeArtifact(): void {
  openedArtifact.value = null;
  openedPassage.value = null;
  if (route.value.view === 'artifacts' && route.value.handle) go('/artifacts', { replace: true });
}
