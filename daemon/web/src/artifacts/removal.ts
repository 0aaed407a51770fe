// Deletes artifacts, one or several at once, unless that is undone.

import { ApiError, remove } from '../api/client.ts';
import type { ArtifactRef } from '../api/types.ts';
import { doUndoably } from '../state/undoable.ts';
import { forgetArtifact } from './about.ts';
import { removedArtifacts } from './removed.ts';

export function deleteArtifacts(artifacts: ArtifactRef[]): void {
  const gone = new Set<string>();
  const removeOne = async (artifact: ArtifactRef, keepalive: boolean): Promise<void> => {
    try {
      await remove(`/artifacts/${encodeURIComponent(artifact.handle)}`, { keepalive });
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 404;
      if (!isGone) throw error;
    }
    gone.add(artifact.id);
    forgetArtifact(artifact.handle);
  };
  const putBack = (): void => {
    const back = new Set(artifacts.map(({ id }) => id).filter((id) => !gone.has(id)));
    removedArtifacts.value = new Set([...removedArtifacts.value].filter((id) => !back.has(id)));
  };
  removedArtifacts.value = new Set([...removedArtifacts.value, ...artifacts.map(({ id }) => id)]);
  const [first] = artifacts;
  doUndoably(
    artifacts.length === 1 && first ? `${first.handle} is deleted.` : `${artifacts.length.toLocaleString('en')} files are deleted.`,
    async (keepalive) => {
      const results = await Promise.allSettled(artifacts.map((one) => removeOne(one, keepalive)));
      const failed = results.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    },
    putBack,
  );
}
