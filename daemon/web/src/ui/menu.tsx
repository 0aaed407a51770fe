// A button that opens a short list of actions. Arrow keys move, Escape and a click elsewhere close, focus goes back.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { isComposing } from './composing.ts';
import { Icon, type IconName } from './icon.tsx';

// So many are looked through by what is typed.
const manyItems = 12;
const longLabel = 40;

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
  // Of its button.
  tabIndex?: number;
}

export function Menu({ label, items, children, class: more = 'ui-icon-button', place = 'below', align = 'end', disabled = false, tabIndex }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState('');
  const [upwards, setUpwards] = useState(place === 'above');
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const hasFilter = items.length > manyItems;
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  // Beside what can be chosen, what can be done stays, whatever is looked for.
  const isChoice = items.some((item) => item.checked !== undefined);
  const isAction = ({ checked }: MenuItem): boolean => isChoice && checked === undefined;
  const shown = items.filter((item) => isAction(item) || words.every((word) => `${item.label} ${item.hint ?? ''}`.toLowerCase().includes(word)));

  const close = (backToButton: boolean): void => {
    setOpen(false);
    if (backToButton) button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    const entries = list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]');
    const checked = list.current?.querySelector<HTMLElement>('[aria-checked=true]');
    if (hasFilter) {
      checked?.scrollIntoView({ block: 'nearest' });
      filter.current?.focus();
    } else (checked ?? entries?.[0])?.focus();
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
    const isTyped = event.target === filter.current;
    // In the field these are the text's.
    if (isTyped && ['Home', 'End'].includes(event.key)) return;
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? entries.length - 1 : at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      close(true);
    } else if (event.key === 'Tab') close(false);
    else if (isTyped && event.key === 'Enter' && !isComposing(event)) entries[0]?.click();
    else if (to !== undefined) entries[(to + entries.length) % entries.length]?.focus();
    else return;
    if (event.key !== 'Tab') event.preventDefault();
  };

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
        tabIndex={tabIndex}
        onClick={() => {
          setUpwards(place === 'above');
          setWanted('');
          setOpen(!open);
        }}
      >
        {children}
      </button>
      {open && (
        <div class={`menu-list ${upwards ? 'is-above' : ''} ${align === 'start' ? 'is-start' : ''}`} ref={list}>
          {hasFilter && (
            <input
              ref={filter}
              type="search"
              class="ui-field menu-filter"
              aria-label={`Filter: ${label}`}
              placeholder="Filter"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          )}
          <div role="menu" aria-label={label} hidden={shown.length === 0}>
            {shown.map((item, at) => (
              <button
                type="button"
                key={item.label}
                role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.checked}
                tabIndex={-1}
                class={`menu-item ${item.dangerous ? 'is-dangerous' : ''} ${isAction(item) && shown[at - 1]?.checked !== undefined ? 'is-parted' : ''}`}
                onClick={() => {
                  close(true);
                  item.run();
                }}
              >
                {item.icon && <Icon name={item.icon} size={16} />}
                <span class="menu-label" title={item.label.length > longLabel ? item.label : undefined}>
                  <span class="menu-text">{item.label}</span>
                  {item.hint && <span class="menu-hint">{item.hint}</span>}
                </span>
                {item.checked && <Icon name="check" size={16} />}
              </button>
            ))}
          </div>
          {shown.length === 0 && <p class="menu-nothing ui-small ui-soft">Nothing fits.</p>}
        </div>
      )}
    </div>
  );
}
