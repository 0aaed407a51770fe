// The files that go with the next message: each is uploaded as soon as it is chosen. One whose upload breaks stays, with
// the file, for another try.

import { type Signal, signal } from '@preact/signals';
import { isAbort, sentenceOf } from '../api/client.ts';
import type { Artifact, ArtifactRef } from '../api/types.ts';
import { upload, type Upload } from '../api/upload.ts';

const largest = 512 * 1024 * 1024;

export interface Attached {
  key: number;
  name: string;
  size: number;
  // Absent for one that was uploaded before the page was loaded again.
  file: File | null;
  fraction: number;
  artifact: ArtifactRef | null;
  problem: string | null;
}

let newest = 0;

export class Attachments {
  readonly list: Signal<Attached[]> = signal([]);
  private uploads = new Map<number, Upload<Artifact>>();
  private onDone: () => void;

  // `onDone` is told when what is uploaded changes.
  constructor(uploaded: ArtifactRef[], onDone: () => void) {
    this.onDone = onDone;
    this.list.value = uploaded.map((artifact) => ({
      key: ++newest, name: artifact.name, size: artifact.size, file: null, fraction: 1, artifact, problem: null,
    }));
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const one: Attached = { key: ++newest, name: file.name || 'pasted file', size: file.size, file, fraction: 0, artifact: null, problem: null };
      this.list.value = [...this.list.value, one];
      if (file.size > largest) this.change(one.key, { problem: 'Larger than 512 MiB: it cannot be uploaded.', file: null });
      else if (file.size === 0) this.change(one.key, { problem: 'This file is empty.', file: null });
      else void this.start(one.key, file);
    }
  }

  retry(key: number): void {
    const one = this.list.value.find((attached) => attached.key === key);
    if (one?.file) void this.start(key, one.file);
  }

  remove(key: number): void {
    this.uploads.get(key)?.cancel();
    this.uploads.delete(key);
    this.list.value = this.list.value.filter((one) => one.key !== key);
    this.onDone();
  }

  uploaded(): ArtifactRef[] {
    return this.list.value.flatMap((one) => (one.artifact ? [one.artifact] : []));
  }

  isUploading(): boolean {
    return this.list.value.some((one) => !one.artifact && !one.problem);
  }

  clear(): void {
    this.list.value = [];
  }

  private async start(key: number, file: File): Promise<void> {
    this.change(key, { fraction: 0, problem: null });
    const name = this.list.value.find((one) => one.key === key)?.name ?? file.name;
    const running = upload<Artifact>('/artifacts', file, { name }, (fraction) => this.change(key, { fraction }));
    this.uploads.set(key, running);
    try {
      this.change(key, { artifact: await running.result, fraction: 1 });
      this.onDone();
    } catch (error) {
      if (!isAbort(error)) this.change(key, { problem: sentenceOf(error), fraction: 0 });
    } finally {
      this.uploads.delete(key);
    }
  }

  private change(key: number, fields: Partial<Attached>): void {
    this.list.value = this.list.value.map((one) => (one.key === key ? { ...one, ...fields } : one));
  }
}
