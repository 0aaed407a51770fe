// Things that are done a little later, so that they can be undone. What still waits when the page is left is done then.

import { ConnectionError, sentenceOf } from '../api/client.ts';
import { actionMs, showError, showToast } from './toasts.ts';

interface Waiting {
  perform: (keepalive: boolean) => Promise<unknown>;
  failed: () => void;
  timer: ReturnType<typeof setTimeout>;
}

const waiting = new Set<Waiting>();

// Says `text` with an Undo button. `undo` puts back what the caller took out of its list already, also when
// `perform` fails.
export function doUndoably(text: string, perform: Waiting['perform'], undo: () => void): void {
  const one: Waiting = { perform, failed: undo, timer: setTimeout(() => void finish(one), actionMs) };
  waiting.add(one);
  showToast(text, {
    action: {
      label: 'Undo',
      run: () => {
        if (!waiting.delete(one)) return;
        clearTimeout(one.timer);
        undo();
      },
    },
  });
}

async function finish(one: Waiting): Promise<void> {
  waiting.delete(one);
  try {
    await one.perform(false);
  } catch (error) {
    one.failed();
    showError(error instanceof ConnectionError ? 'That could not be deleted: assistd does not answer. It is still there.' : sentenceOf(error));
  }
}

export function finishWhenLeaving(): void {
  addEventListener('pagehide', () => {
    for (const one of waiting) {
      clearTimeout(one.timer);
      one.perform(true).catch(() => undefined);
    }
    waiting.clear();
  });
}
