// Shows the toasts. Errors are told to screen readers at once, the others when they have a pause.

import { dismissToast, type Toast, toasts } from '../state/toasts.ts';
import { IconButton } from './buttons.tsx';

// What was said is answered with it.
function act(toast: Toast): void {
  dismissToast(toast.id);
  toast.action?.run();
}

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label="Messages of the page">
      {toasts.value.map((toast) => (
        <div class={`toast is-${toast.tone}`} key={toast.id} role={toast.tone === 'error' ? 'alert' : 'status'}>
          <span>{toast.text}</span>
          {toast.action && (
            <button type="button" class="toast-action" onClick={() => act(toast)}>
              {toast.action.label}
            </button>
          )}
          <IconButton small icon="close" label="Dismiss" onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </div>
  );
}
