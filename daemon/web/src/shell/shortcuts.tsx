// The keyboard's shortcuts, and the list of them that "?" opens.

import { useEffect } from 'preact/hooks';
import { focusComposer } from '../state/composer.ts';
import { go } from '../state/route.ts';
import { isMac } from '../state/platform.ts';
import { areShortcutsOpen, isSideOpen, openSearch } from '../state/shell.ts';
import { lastAction } from '../state/toasts.ts';
import { isComposing, isTyping } from '../ui/composing.ts';
import { Dialog } from '../ui/dialog.tsx';

const control = isMac ? '⌘' : 'Ctrl';

const shortcuts: [string[], string][] = [
  [['Enter'], 'Send the message'],
  [['Shift', 'Enter'], 'Begin a new line'],
  [['↑'], 'Edit the last message (in an empty field)'],
  [['Esc'], 'Stop the reply, or close what is open'],
  [[control, 'K'], 'Search conversations'],
  [[control, 'Shift', 'O'], 'New chat'],
  [[control, 'Z'], 'Undo what was just deleted or archived'],
  [[control, 'B'], 'Show or hide the sidebar'],
  [['↓'], 'The next conversation (in their list)'],
  [['/'], 'Go to the message field'],
  [['?'], 'This list'],
];

export function Shortcuts() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (!areShortcutsOpen.value) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => (areShortcutsOpen.value = false)}>
      <dl class="shortcuts">
        {shortcuts.map(([keys, text]) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || isComposing(event) || event.altKey) return;
  const withControl = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  const action = withControl ? commandFor(key, event) : isTyping(event.target) ? null : plainFor(event.key);
  // Over a dialog, what was done there can be undone.
  const isUndo = withControl && key === 'z';
  if (!action || (!isUndo && document.querySelector('dialog[open]'))) return;
  event.preventDefault();
  action();
}

function commandFor(key: string, { shiftKey: withShift, target }: KeyboardEvent): (() => void) | null {
  if (key === 'k' && !withShift) return openSearch;
  // In a text the key is the text's.
  if (key === 'z' && !withShift && !hasText(target)) return lastAction();
  if (key === 'b' && !withShift) return () => (isSideOpen.value = !isSideOpen.value);
  if (key === 'o' && withShift)
    return () => {
      go('/');
      focusComposer();
    };
  return null;
}

function plainFor(key: string): (() => void) | null {
  if (key === '?') return () => (areShortcutsOpen.value = true);
  if (key === '/') return focusComposer;
  return null;
}

function hasText(target: EventTarget | null): boolean {
  return isTyping(target) && (!('value' in target!) || target.value !== '');
}
