// Which artifact is open in the full window, as the address says: it can be linked to, and back in the browser closes it.

import { computed } from '@preact/signals';

import type { PassagePlace } from '../documents/passage.ts';
import { fileOver, go, goToFile, leaveFile, placeHere, route } from '../state/route.ts';

// Of the list's own address, which links to files have.
const inList = computed(() => (route.value.view === 'artifacts' ? route.value.handle : null));

export const openedArtifact = computed(() => fileOver.value ?? inList.value);

/** What is to be seen first of its text. */
export const openedPassage = computed(() => (fileOver.value === null ? null : ((placeHere()?.passage ?? null) as PassagePlace | null)));

export function openArtifact(handle: string, passage: PassagePlace | null = null): void {
  goToFile(handle, passage);
}

export function closeArtifact(): void {
  if (fileOver.value !== null) leaveFile();
  else if (inList.value !== null) go('/artifacts', { replace: true });
}
