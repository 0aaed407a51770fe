// A button that asks the daemon for something: once at a time, and what came of it is said. It keeps the keyboard meanwhile,
// which browsers take away from what is disabled.

import { useState } from 'preact/hooks';

import { sentenceOf } from '../api/client.ts';
import { announce } from '../state/announcements.ts';
import { showError } from '../state/toasts.ts';

export interface ActButtonProps {
  label: string;
  // What it is about, where there is one for each thing.
  of?: string;
  // Returns what is to be said of it, where nothing else says so.
  run: () => Promise<string | void>;
  dangerous?: boolean;
}

export function ActButton({ label, of, run, dangerous = false }: ActButtonProps) {
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      announce((await run()) ?? '');
    } catch (error) {
      showError(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class={`ui-button is-small${dangerous ? ' is-dangerous' : ''}`} aria-disabled={busy} onClick={() => void act()}>
      {label}
      {of && <span class="ui-hidden"> {of}</span>}
    </button>
  );
}
