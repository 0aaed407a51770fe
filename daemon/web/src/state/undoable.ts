// Things that are done a little later, so that they can be undone. What still waits when the page is left is done then.

import { ConnectionError, sentenceOf } from '../api/client.ts';
import { showError, showToast } from './toasts.ts';

interface Waiting {
  perform: (keepalive: boolean) => Promise<unknown>;
  failed: () => void;
}

const waiting = new Set<Waiting>();

// Says `text` with an Undo button, and performs when that goes. `undo` puts back what the caller took out of its list
// already, also when `perform` fails.
export function doUndoably(text: string, perform: Waiting['perform'], undo: () => void): void {
  const one: Waiting = { perform, failed: undo };
  waiting.add(one);
  showToast(text, {
    action: { label: 'Undo', run: () => waiting.delete(one) && undo() },
    onGone: () => void finish(one),
  });
}

async function finish(one: Waiting): Promise<void> {
  if (!waiting.delete(one)) return;
  try {
    await one.perform(false);
  } catch (error) {
    one.failed();
    showError(error instanceof ConnectionError ? 'That could not be deleted: assistd does not answer. It is still there.' : sentenceOf(error));
  }
}

export function finishWhenLeaving(): void {
  addEventListener('pagehide', () => {
    for (const one of waiting) one.perform(true).catch(() => undefined);
    waiting.clear();
  });
}
