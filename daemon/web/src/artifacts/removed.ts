// Artifacts that are deleted unless it is undone: lists leave them out at once.

import { signal } from '@preact/signals';

export const removedArtifacts = signal<ReadonlySet<string>>(new Set());
