// A button that asks the daemon for something: once at a time, and what goes wrong is said.

import { useState } from 'preact/hooks';

import { sentenceOf } from '../api/client.ts';
import { showError } from '../state/toasts.ts';

export function ActButton({ label, run, dangerous = false }: { label: string; run: () => Promise<unknown>; dangerous?: boolean }) {
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      showError(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class={`ui-button is-small${dangerous ? ' is-dangerous' : ''}`} disabled={busy} onClick={() => void act()}>
      {label}
    </button>
  );
}
