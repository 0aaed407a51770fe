// Which artifact is open in the full window. The address stays: closing it is back where one was.

import { signal } from '@preact/signals';

export const openedArtifact = signal<string | null>(null);

export function openArtifact(handle: string): void {
  openedArtifact.value = handle;
}

export function closeArtifact(): void {
  openedArtifact.value = null;
}
