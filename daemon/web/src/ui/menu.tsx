// A button that opens a short list of actions. Arrow keys move, Escape and a click elsewhere close, focus goes back.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  label: string;
  hint?: string;
  icon?: IconName;
  checked?: boolean;
  dangerous?: boolean;
  run: () => void;
}

export interface MenuProps {
  label: string;
  items: MenuItem[];
  children: ComponentChildren;
  class?: string;
  // Where it opens, seen from its button.
  place?: 'below' | 'above';
  align?: 'start' | 'end';
  disabled?: boolean;
}

export function Menu({ label, items, children, class: more = 'ui-icon-button', place = 'below', align = 'end', disabled = false }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [upwards, setUpwards] = useState(place === 'above');
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const close = (backToButton: boolean): void => {
    setOpen(false);
    if (backToButton) button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    const entries = list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]');
    const checked = list.current?.querySelector<HTMLElement>('[aria-checked=true]');
    (checked ?? entries?.[0])?.focus();
    const box = list.current?.getBoundingClientRect();
    if (box && place === 'below' && box.bottom > innerHeight) setUpwards(true);
    const elsewhere = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [open]);

  const move = (event: KeyboardEvent): void => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      close(true);
    } else if (event.key === 'Tab') close(false);
    else if (to !== undefined) entries[(to + entries.length) % entries.length]?.focus();
    else return;
    if (event.key !== 'Tab') event.preventDefault();
  };

  const isChoice = items.some((item) => item.checked !== undefined);
  return (
    <div class="menu" ref={root} onKeyDown={open ? move : undefined}>
      <button
        type="button"
        ref={button}
        class={more}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => {
          setUpwards(place === 'above');
          setOpen(!open);
        }}
      >
        {children}
      </button>
      {open && (
        <div class={`menu-list ${upwards ? 'is-above' : ''} ${align === 'start' ? 'is-start' : ''}`} role="menu" aria-label={label} ref={list}>
          {items.map((item) => (
            <button
              type="button"
              key={item.label}
              role={isChoice ? 'menuitemradio' : 'menuitem'}
              aria-checked={isChoice ? item.checked === true : undefined}
              tabIndex={-1}
              class={`menu-item ${item.dangerous ? 'is-dangerous' : ''}`}
              onClick={() => {
                close(true);
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} size={16} />}
              <span class="menu-label">
                {item.label}
                {item.hint && <span class="menu-hint">{item.hint}</span>}
              </span>
              {item.checked && <Icon name="check" size={16} />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
