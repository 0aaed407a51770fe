// Whether the daemon answers. Once a request got no answer, /livez is asked with growing pauses until it does; then
// `reconnections` counts up, and whoever shows what may be out of date loads it again.

import { signal } from '@preact/signals';
import { pauseBefore } from './retry.ts';

export const isOnline = signal(true);
export const reconnections = signal(0);

let asking = false;

export function reportAnswer(): void {
  if (!isOnline.value && !asking) becomeOnline();
}

export function reportSilence(): void {
  isOnline.value = false;
  if (!asking) void askUntilAlive();
}

// Everybody who waits to try again.
const sleepers = new Set<() => void>();

// At once instead of after the pause; for buttons.
export function tryNow(): void {
  for (const wake of [...sleepers]) wake();
}

function becomeOnline(): void {
  isOnline.value = true;
  comeBack();
}

// What could not be loaded is loaded again, and whoever waits to try again does.
export function comeBack(): void {
  reconnections.value++;
  tryNow();
}

async function askUntilAlive(): Promise<void> {
  asking = true;
  for (let attempt = 1; ; attempt++) {
    await pause(pauseBefore(attempt));
    try {
      const reply = await fetch('/livez', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
      if (reply.ok) break;
    } catch {
      // Still away.
    }
  }
  asking = false;
  becomeOnline();
}

// Resolves early when the machine is back on its network, when the daemon answers, or when the person wants it.
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal?.removeEventListener('abort', done);
      sleepers.delete(done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
    signal?.addEventListener('abort', done);
    sleepers.add(done);
  });
}
