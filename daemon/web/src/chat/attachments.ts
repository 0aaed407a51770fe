// The files that go with the next message of a conversation: each is uploaded as soon as it is chosen, also while another
// view is open, and over as many connections as that takes. One that does not get through stays, with the file, for another
// try.

import { type Signal, signal } from '@preact/signals';
import { isAbort, mayPass, remove, sentenceOf } from '../api/client.ts';
import { earlierOf } from '../api/same_file.ts';
import type { Artifact, ArtifactRef } from '../api/types.ts';
import { type Holdup, type Sent, toSend, upload, type Upload } from '../api/upload.ts';
import { announce, tellProgress } from '../state/announcements.ts';
import { keepDraft, readDraft } from '../state/drafts.ts';
import { showToast } from '../state/toasts.ts';
import { announceHoldup } from '../ui/holdup.tsx';

const largest = 512 * 1024 * 1024;

export interface Attached {
  key: number;
  name: string;
  size: number;
  // Absent for one that was uploaded before the page was loaded again.
  sent: Sent | null;
  fraction: number;
  held: Holdup | null;
  // The connection broke, and all of it is sent again.
  isAgain: boolean;
  // What there is to know about it, once it is there.
  note: string;
  artifact: ArtifactRef | null;
  problem: string | null;
  // Whether another try may go well.
  mayRetry: boolean;
}

let newest = 0;

export class Attachments {
  readonly list: Signal<Attached[]> = signal([]);
  private uploads = new Map<number, Upload<Artifact>>();
  private conversation: string | null;

  constructor(conversation: string | null) {
    this.conversation = conversation;
    this.list.value = readDraft(conversation).attachments.map(uploadedBefore);
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const name = file.name || 'pasted file';
      const sent = toSend(file, name);
      const one: Attached = { key: ++newest, name, size: file.size, sent, fraction: 0, held: null, isAgain: false, note: '', artifact: null, problem: null, mayRetry: false };
      this.list.value = [...this.list.value, one];
      if (file.size > largest) this.fail(one.key, { problem: 'Larger than 512 MiB: it cannot be uploaded.' });
      else if (file.size === 0) this.fail(one.key, { problem: 'This file is empty.' });
      else void this.start(one.key, sent);
    }
  }

  retry(key: number): void {
    const one = this.list.value.find((attached) => attached.key === key);
    if (one?.sent && one.problem) void this.start(key, one.sent);
  }

  sendNow(key: number): void {
    this.uploads.get(key)?.sendNow();
  }

  remove(key: number): void {
    this.uploads.get(key)?.cancel();
    this.uploads.delete(key);
    this.list.value = this.list.value.filter((one) => one.key !== key);
    this.keep();
  }

  // Those that come back from a message that was not sent.
  putBack(artifacts: ArtifactRef[]): void {
    const known = new Set(this.uploaded().map((one) => one.id));
    this.list.value = [...this.list.value, ...artifacts.filter((one) => !known.has(one.id)).map(uploadedBefore)];
    this.keep();
  }

  uploaded(): ArtifactRef[] {
    return this.list.value.flatMap((one) => (one.artifact ? [one.artifact] : []));
  }

  isUploading(): boolean {
    return this.list.value.some((one) => !one.artifact && !one.problem);
  }

  // Those that were sent; what was added meanwhile stays.
  takeOff(sent: ArtifactRef[]): void {
    this.list.value = this.list.value.filter((one) => !one.artifact || !sent.includes(one.artifact));
    this.keep();
  }

  cancelAll(): void {
    for (const one of this.uploads.values()) one.cancel();
    this.list.value = [];
  }

  private keep(): void {
    keepDraft(this.conversation, { attachments: this.uploaded() });
  }

  private async start(key: number, sent: Sent): Promise<void> {
    this.change(key, { fraction: 0, held: null, isAgain: false, problem: null });
    const { name } = sent;
    const tell = tellProgress(name);
    const running = upload<Artifact>('/artifacts', sent, {
      onProgress: (fraction) => {
        this.change(key, { fraction });
        tell(fraction);
      },
      onHeld: (held) => {
        this.change(key, { held });
        announceHoldup(name, held);
      },
      onAgain: () => this.change(key, { isAgain: true }),
    });
    this.uploads.set(key, running);
    try {
      await this.take(key, name, await running.result);
    } catch (error) {
      if (!isAbort(error)) this.fail(key, { problem: sentenceOf(error), mayRetry: mayPass(error), held: null, fraction: 0 });
    } finally {
      this.uploads.delete(key);
    }
  }

  // What was there before is attached in its place, and said to be.
  private async take(key: number, name: string, added: Artifact): Promise<void> {
    const earlier = await earlierOf(added).catch(() => null);
    if (earlier) void remove(`/artifacts/${encodeURIComponent(added.handle)}`).catch(() => undefined);
    if (!this.list.value.some((one) => one.key === key)) return;
    if (earlier && this.list.value.some((one) => one.artifact?.id === earlier.id)) {
      this.remove(key);
      showToast(`${name} is attached already, as ${earlier.handle}.`);
      return;
    }
    const other = earlier && earlier.name !== name ? ` (${earlier.name})` : '';
    const note = earlier ? `You have this already: ${earlier.handle}${other}` : '';
    this.change(key, { artifact: earlier ?? added, fraction: 1, note });
    this.keep();
    announce(`${name} is attached.${note && ` ${note}.`}`);
  }

  private fail(key: number, fields: Partial<Attached> & { problem: string }): void {
    this.change(key, fields);
    const name = this.list.value.find((one) => one.key === key)?.name;
    if (name) announce(`${name}: ${fields.problem}`);
  }

  private change(key: number, fields: Partial<Attached>): void {
    this.list.value = this.list.value.map((one) => (one.key === key ? { ...one, ...fields } : one));
  }
}

function uploadedBefore(artifact: ArtifactRef): Attached {
  return { key: ++newest, name: artifact.name, size: artifact.size, sent: null, fraction: 1, held: null, isAgain: false, note: '', artifact, problem: null, mayRetry: false };
}

const kept = new Map<string | null, Attachments>();

// Those of one conversation; null is the next new one.
export function attachmentsOf(conversation: string | null): Attachments {
  const known = kept.get(conversation) ?? new Attachments(conversation);
  kept.set(conversation, known);
  return known;
}

export function forgetAttachments(conversation: string): void {
  kept.get(conversation)?.cancelAll();
  kept.delete(conversation);
}
