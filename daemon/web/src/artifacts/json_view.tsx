// JSON as a tree that unfolds; long lists show their beginning.

import { useState } from 'preact/hooks';

import type { Json } from '../api/types.ts';

const firstItems = 50;

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return typeof value;
}

function Value({ value }: { value: Json }) {
  return <span class={`json-value is-${kindOf(value)}`}>{typeof value === 'string' ? `"${value}"` : String(value)}</span>;
}

/** Short lists of plain values stand on one line. */
function isShort(value: Json): boolean {
  return Array.isArray(value) && value.length <= 8 && value.every((item) => item === null || typeof item !== 'object') && JSON.stringify(value).length < 90;
}

function Node({ name, value, isOpen }: { name: string; value: Json; isOpen: boolean }) {
  const [shown, setShown] = useState(firstItems);
  const [open, setOpen] = useState(isOpen);
  if (value === null || typeof value !== 'object' || isShort(value))
    return (
      <li class="json-leaf">
        <span class="json-name">{name}</span> {isShort(value) ? <span class="json-value">{JSON.stringify(value).replaceAll(',', ', ')}</span> : <Value value={value} />}
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

export function JsonView({ value, name = 'content' }: { value: Json; name?: string }) {
  return (
    <ul class="json" role="list">
      <Node name={name} value={value} isOpen />
    </ul>
  );
}
