// Buttons that show an icon only, and buttons that copy. Both have a name for screen readers and as a tooltip.

import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import { showError } from '../state/toasts.ts';
import { Icon, type IconName } from './icon.tsx';

export interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent) => void;
  small?: boolean;
  // It keeps the keyboard all the same.
  disabled?: boolean;
  class?: string;
  expanded?: boolean;
  pressed?: boolean;
}

export function IconButton({ icon, label, onClick, small = false, disabled = false, class: more = '', expanded, pressed }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`ui-icon-button ${small ? 'is-small' : ''} ${more}`}
      aria-label={label}
      title={label}
      aria-expanded={expanded}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onClick={disabled ? undefined : onClick}
    >
      <Icon name={icon} size={small ? 16 : 18} />
    </button>
  );
}

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    try {
      await copyText(text());
    } catch {
      showError('The browser does not let this page copy. Select the text and copy it yourself.');
      return;
    }
    setCopied(true);
    announce('Copied');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 1_500);
  };
  return <IconButton small icon={copied ? 'check' : 'copy'} label={label} onClick={() => void copy()} />;
}

// The clipboard's own interface is there on secure addresses only, and a daemon may be reached by plain HTTP.
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'ui-hidden';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('not copied');
}
