// Shows the toasts. Errors are told to screen readers at once, the others (state/toasts.ts) when they have a pause. What can
// be undone waits for who is at it.

import { actOn, dismissToast, holdToast, letGoOfToast, toasts, undoKeys } from '../state/toasts.ts';
import { IconButton } from './buttons.tsx';

export function Toasts() {
  if (toasts.value.length === 0) return null;
  return (
    <div class="toasts" role="region" aria-label="Messages of the page">
      {toasts.value.map((toast) => (
        <div
          class={`toast is-${toast.tone}`}
          key={toast.id}
          role={toast.tone === 'error' ? 'alert' : undefined}
          onFocusIn={() => holdToast(toast.id)}
          onFocusOut={() => letGoOfToast(toast.id)}
          onPointerEnter={() => holdToast(toast.id)}
          onPointerLeave={() => letGoOfToast(toast.id)}
        >
          <span>{toast.text}</span>
          {toast.action && (
            <button type="button" class="toast-action" aria-keyshortcuts={undoKeys} onClick={() => actOn(toast)}>
              {toast.action.label}
            </button>
          )}
          <IconButton small icon="close" label="Dismiss" onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </div>
  );
}
