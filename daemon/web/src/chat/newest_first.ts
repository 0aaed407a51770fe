// What one comes to see is the end of a conversation: that is drawn first, and what stands above it when the page has time.

import { useEffect, useState } from 'preact/hooks';

const atFirst = 20;
const perStep = 10;

// Not every browser tells when it has time.
const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 50));
const notWhenIdle = globalThis.cancelIdleCallback ?? clearTimeout;

/** `items` from the first that is drawn by now; `isWanted` says whether all are wanted at once. */
export function useNewestFirst<T>(items: T[], isWanted: boolean): T[] {
  const [left, setLeft] = useState(isWanted ? 0 : Math.max(0, items.length - atFirst));
  useEffect(() => {
    if (left === 0) return;
    const waiting = whenIdle(() => setLeft(Math.max(0, left - perStep)));
    return () => notWhenIdle(waiting);
  }, [left]);
  return isWanted || left === 0 ? items : items.slice(left);
}
