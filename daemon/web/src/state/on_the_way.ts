// The files that are on their way to the daemon. Only this page has them: as long as one is here, the browser asks before
// the page is left, and a login that has ended goes on where it was.

const running = new Set<AbortController>();

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export const hasFilesOnTheWay = (): boolean => running.size > 0;

export async function onTheWay<T>(leaving: AbortController, result: Promise<T>): Promise<T> {
  running.add(leaving);
  addEventListener('beforeunload', askBeforeLeaving);
  try {
    return await result;
  } finally {
    forget(leaving);
  }
}

export function stopFilesOnTheWay(): void {
  for (const leaving of [...running]) {
    leaving.abort();
    forget(leaving);
  }
}

function forget(leaving: AbortController): void {
  running.delete(leaving);
  if (running.size === 0) removeEventListener('beforeunload', askBeforeLeaving);
}
