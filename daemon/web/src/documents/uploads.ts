// The files that are on their way to the documents. They go on while another view is open and when the connection is back,
// two at a time, and one that does not get through stays here with its file until it is sent again or taken away.

import { signal } from '@preact/signals';

import { get, isAbort, remove, sentenceOf } from '../api/client.ts';
import { earlierOf } from '../api/same_file.ts';
import type { Artifact, StoredDocument } from '../api/types.ts';
import { type Holdup, type Sent, toSend, type Upload, upload } from '../api/upload.ts';
import { announce, tellProgress } from '../state/announcements.ts';
import { showToast } from '../state/toasts.ts';
import { announceHoldup } from '../ui/holdup.tsx';
import { isBinary, isNoText } from './binary.ts';

export interface Sending {
  id: number;
  file: File;
  sent: Sent;
  state: 'waiting' | 'sending' | 'failed';
  fraction: number;
  held: Holdup | null;
  // The connection broke, and all of it is sent again.
  isAgain: boolean;
  problem: string;
}

export const sendings = signal<Sending[]>([]);
/** What arrived since the page was opened, newest first; the list puts it on top until it is loaded again. */
export const arrived = signal<StoredDocument[]>([]);

const atOnce = 2;
const largestBytes = 512 * 1024 * 1024;
const running = new Map<number, Upload<StoredDocument>>();
let newest = 0;

export function problemWith(file: Pick<File, 'size'>): string {
  if (file.size === 0) return 'This file is empty.';
  if (file.size > largestBytes) return 'This file is larger than 512 MiB, the most that is taken.';
  return '';
}

export function sendFiles(files: Iterable<File>): void {
  const added = [...files].map((file): Sending => {
    const problem = problemWith(file);
    return { id: ++newest, file, sent: toSend(file, file.name), state: problem ? 'failed' : 'waiting', fraction: 0, held: null, isAgain: false, problem };
  });
  sendings.value = [...sendings.value, ...added];
  for (const { file, problem } of added) if (problem) announce(`${file.name}: ${problem}`);
  sendNext();
}

export function sendAgain(id: number): void {
  const one = sendings.value.find((sending) => sending.id === id);
  if (!one || one.state !== 'failed') return;
  change(id, { state: 'waiting', fraction: 0, problem: problemWith(one.file) });
  if (problemWith(one.file)) change(id, { state: 'failed' });
  sendNext();
}

export function sendNow(id: number): void {
  running.get(id)?.sendNow();
}

export function takeAway(id: number): void {
  running.get(id)?.cancel();
  running.delete(id);
  sendings.value = sendings.value.filter((sending) => sending.id !== id);
  sendNext();
}

function change(id: number, to: Partial<Sending>): void {
  sendings.value = sendings.value.map((sending) => (sending.id === id ? { ...sending, ...to } : sending));
}

function sendNext(): void {
  const busy = sendings.value.filter((sending) => sending.state === 'sending').length;
  for (const sending of sendings.value.filter((one) => one.state === 'waiting').slice(0, Math.max(0, atOnce - busy))) void send(sending);
}

function refuse(id: number, name: string): void {
  change(id, { state: 'failed', problem: isNoText });
  announce(`${name}: ${isNoText}`);
  sendNext();
}

async function send({ id, file, sent }: Sending): Promise<void> {
  change(id, { state: 'sending', fraction: 0, held: null, isAgain: false, problem: '' });
  if (await isBinary(file)) return refuse(id, file.name);
  // It was taken away meanwhile.
  if (!sendings.value.some((one) => one.id === id)) return sendNext();
  const tell = tellProgress(file.name);
  const request = upload<StoredDocument>('/documents', sent, {
    onProgress: (fraction) => {
      change(id, { fraction });
      tell(fraction);
    },
    onHeld: (held) => {
      change(id, { held });
      announceHoldup(file.name, held);
    },
    onAgain: () => change(id, { isAgain: true }),
  });
  running.set(id, request);
  try {
    const stored = await request.result;
    const earlier = await readableEarlier(stored).catch(() => null);
    if (earlier) {
      await remove(`/documents/${stored.id}`).catch(() => undefined);
      showToast(`You have ${file.name} already${earlier.name === file.name ? '' : `: ${earlier.name}`}.`);
    } else {
      announce(`${file.name} is uploaded${stored.status === 'in_progress' ? ', and being read' : ''}.`);
      arrived.value = [stored, ...arrived.value];
    }
    running.delete(id);
    takeAway(id);
  } catch (error) {
    running.delete(id);
    if (!isAbort(error)) {
      change(id, { state: 'failed', problem: sentenceOf(error) });
      announce(`${file.name}: ${sentenceOf(error)}`);
    }
    sendNext();
  }
}

// One that could not be read may be read better this time.
async function readableEarlier({ id }: StoredDocument): Promise<StoredDocument | null> {
  const earlier = await earlierOf(await get<Artifact>(`/artifacts/${encodeURIComponent(id)}`));
  const document = earlier && (await get<StoredDocument>(`/documents/${encodeURIComponent(earlier.id)}`));
  return document && ['completed', 'in_progress'].includes(document.status) ? document : null;
}
