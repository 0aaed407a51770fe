// JSON as a tree that unfolds; long lists show their beginning.

import { createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';

import type { Json } from '../api/types.ts';
import { DigitsButton } from './digits.tsx';
import { shortened } from './table.ts';

const firstItems = 50;

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return typeof value;
}

// What is selected and copied has all digits of a number; the eye is spared those that are noise, until it asks for them.
const AllDigits = createContext(false);

function Value({ value }: { value: Json }) {
  if (typeof value === 'number') return <NumberValue value={value} />;
  return <span class={`json-value is-${kindOf(value)}`}>{typeof value === 'string' ? `"${value}"` : String(value)}</span>;
}

function NumberValue({ value }: { value: number }) {
  const hasAll = useContext(AllDigits);
  const whole = String(value);
  const shown = hasAll ? whole : shortened(whole);
  const isCut = shown !== whole;
  return (
    <span class={`json-value is-number ${isCut ? 'is-cut' : ''}`} title={isCut ? whole : undefined} data-whole={isCut ? whole : undefined}>
      {shown}
    </span>
  );
}

function hasLongNumber(value: Json): boolean {
  if (typeof value === 'number') return shortened(String(value)) !== String(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLongNumber);
}

/** Short lists of plain values stand on one line. */
function isShort(value: Json): boolean {
  return Array.isArray(value) && value.length <= 8 && value.every((item) => item === null || typeof item !== 'object') && JSON.stringify(value).length < 90;
}

function ShortList({ values }: { values: Json[] }) {
  return (
    <span class="json-value">
      [
      {values.map((value, i) => (
        <span key={i}>
          {i > 0 && ', '}
          {typeof value === 'number' ? <NumberValue value={value} /> : JSON.stringify(value)}
        </span>
      ))}
      ]
    </span>
  );
}

function Node({ name, value, isOpen }: { name: string; value: Json; isOpen: boolean }) {
  const [shown, setShown] = useState(firstItems);
  const [open, setOpen] = useState(isOpen);
  if (value === null || typeof value !== 'object' || isShort(value))
    return (
      <li class="json-leaf">
        <span class="json-name">{name}</span> {isShort(value) ? <ShortList values={value as Json[]} /> : <Value value={value} />}
      </li>
    );
  const entries = Array.isArray(value) ? value.map((item, i) => [String(i), item] as const) : Object.entries(value);
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="json-name">{name}</span>{' '}
          <span class="ui-soft">
            {Array.isArray(value) ? `list of ${entries.length.toLocaleString('en')}` : `${entries.length} ${entries.length === 1 ? 'member' : 'members'}`}
          </span>
        </summary>
        {open && (
          <ul class="json-members">
            {entries.slice(0, shown).map(([key, item]) => (
              <Node key={key} name={key} value={item} isOpen={false} />
            ))}
            {shown < entries.length && (
              <li>
                <button type="button" class="ui-button is-small" onClick={() => setShown(shown + 10 * firstItems)}>
                  Show more of {(entries.length - shown).toLocaleString('en')}
                </button>
              </li>
            )}
          </ul>
        )}
      </details>
    </li>
  );
}

function copyWhole(event: ClipboardEvent): void {
  const chosen = getSelection();
  if (!chosen || chosen.rangeCount === 0 || !event.clipboardData) return;
  const range = chosen.getRangeAt(0);
  const one = range.commonAncestorContainer.parentElement?.closest<HTMLElement>('[data-whole]');
  const box = document.createElement('div');
  // A single number, as a double click selects it, comes without what is around it.
  if (one && chosen.toString() === one.textContent) box.append(one.cloneNode(true));
  else box.append(range.cloneContents());
  const cut = [...box.querySelectorAll<HTMLElement>('[data-whole]')];
  if (cut.length === 0) return;
  for (const number of cut) number.textContent = number.dataset['whole']!;
  event.clipboardData.setData('text/plain', textWithLines(box));
  event.preventDefault();
}

// As it stands there, line by line.
function textWithLines(box: HTMLElement): string {
  for (const line of box.querySelectorAll('li, summary')) line.prepend('\n');
  return (box.textContent ?? '').replaceAll(/\n+/g, '\n').trim();
}

export function JsonView({ value, name = 'content' }: { value: Json; name?: string }) {
  const [hasAll, setAll] = useState(false);
  const isCut = useMemo(() => hasLongNumber(value), [value]);
  return (
    <AllDigits.Provider value={hasAll}>
      <div class="json-view">
        {isCut && <DigitsButton hasAll={hasAll} onChange={setAll} />}
        <ul class="json" role="list" onCopy={copyWhole}>
          <Node name={name} value={value} isOpen />
        </ul>
      </div>
    </AllDigits.Provider>
  );
}
