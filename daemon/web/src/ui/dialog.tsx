// A modal dialog: the browser's own <dialog>, so that focus stays inside, Escape closes it, and focus goes back after. Who
// hears it begins at its first field, or at its heading and can read on from there.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Announcements } from './announcements.tsx';
import { IconButton } from './buttons.tsx';

const settledMs = 300;

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  // "full" takes the whole window.
  size?: 'small' | 'large' | 'full';
  // Only its buttons and Escape close it: a click beside it must not take away what is typed, or shown once.
  stays?: boolean;
  // Beside the title.
  actions?: ComponentChildren;
  // The id of the sentence that is read with the title.
  about?: string;
}

export function Dialog({ title, onClose, children, size = 'small', stays = false, actions, about }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    firstField(dialog.current)?.focus();
    const begun = document.activeElement;
    // Where nothing is typed, reading begins at the heading: a moment later, since some screen readers hear of the first
    // place in a dialog only that it is one, or nothing at all.
    const first = setTimeout(() => {
      const title = dialog.current?.querySelector('h2');
      if (!title || document.activeElement !== begun || firstField(dialog.current)) return;
      // Only now: the browser would have begun there.
      title.tabIndex = -1;
      title.focus();
    }, settledMs);
    return () => {
      clearTimeout(first);
      dialog.current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  // Not on the dialog itself: screen readers would call all that is in it clickable.
  useEffect(() => {
    if (stays) return;
    const beside = ({ target }: MouseEvent): void => {
      if (target === dialog.current) onClose();
    };
    document.addEventListener('click', beside);
    return () => document.removeEventListener('click', beside);
  }, [stays, onClose]);
  return (
    <dialog
      ref={dialog}
      class={`dialog is-${size}`}
      aria-labelledby={heading}
      aria-describedby={about}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-inside">
        <header class="dialog-head" role="none">
          <h2 id={heading} aria-describedby={about}>
            {title}
          </h2>
          {actions}
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
        <Announcements />
      </div>
    </dialog>
  );
}

const firstField = (dialog: HTMLDialogElement | null): HTMLElement | null | undefined => dialog?.querySelector<HTMLElement>('form input:not([hidden])');
