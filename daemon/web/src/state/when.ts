// Waiting for what a signal says.

import type { ReadonlySignal } from '@preact/signals';

// Resolves once the signal has this value, or when it is not waited for any more.
export function when<T>(signal: ReadonlySignal<T>, wanted: T, abort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (signal.peek() !== wanted && !abort.aborted) return;
      stop();
      abort.removeEventListener('abort', look);
      resolve();
    };
    // The first call comes before `stop` is there.
    let stop = (): void => undefined;
    stop = signal.subscribe(look);
    abort.addEventListener('abort', look);
    look();
  });
}
