// A table's first rows; a click on a column's name sorts by it.

import { useMemo, useState } from 'preact/hooks';

import { announce } from '../state/announcements.ts';
import { DigitsButton } from './digits.tsx';
import { type Order, shortened, sorted, type Table } from './table.ts';

const step = 200;

export function TableView({ table, note }: { table: Table; note?: string }) {
  const [order, setOrder] = useState<Order | null>(null);
  const [shown, setShown] = useState(step);
  const [hasAll, setAll] = useState(false);
  const rows = useMemo(() => sorted(table, order), [table, order]);
  const isRounded = useMemo(() => table.rows.some((row) => row.some((text, i) => table.columns[i]?.isNumeric && shortened(text) !== text)), [table]);
  const total = `${table.rows.length.toLocaleString('en')}${table.isWhole ? '' : ' and more'}`;

  const sortBy = (column: number): void => {
    const next = order?.column !== column ? { column, descending: false } : order.descending ? null : { column, descending: true };
    setOrder(next);
    announce(next ? `Sorted by ${table.columns[column]?.name}, ${next.descending ? 'descending' : 'ascending'}.` : 'Sorted as in the file.');
  };
  const direction = (column: number) => (order?.column !== column ? 'none' : order.descending ? 'descending' : 'ascending');

  let hasStop = false;
  if (table.rows.length === 0) return <p class="ui-soft artifact-pad">The table has no rows.</p>;
  return (
    <div class="table-view">
      <div class="table-window" role="region" aria-label={table.name} tabIndex={0}>
        <table class="table">
          <caption class="ui-hidden">{table.name}</caption>
          <thead>
            <tr>
              {table.columns.map((column, i) => (
                <th key={i} scope="col" class={column.isNumeric ? 'is-number' : ''} aria-sort={direction(i)}>
                  <button type="button" onClick={() => sortBy(i)} title={`Sort by ${column.name}`}>
                    {!column.isNumeric && column.name}
                    <span class="table-order" aria-hidden="true">
                      {order?.column === i ? (order.descending ? '↓' : '↑') : ''}
                    </span>
                    {/* At the edge at which its numbers end. */}
                    {column.isNumeric && column.name}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody onKeyDown={toCut}>
            {rows.slice(0, shown).map((row, i) => (
              <tr key={i}>
                {table.columns.map(({ isNumeric }, j) => {
                  const text = row[j] ?? '';
                  const isCut = mayBeCut(text, isNumeric);
                  const isStop = isCut && !hasStop;
                  hasStop ||= isCut;
                  return <Cell key={j} text={text} isNumeric={isNumeric} hasAll={hasAll} tabIndex={isStop ? 0 : isCut ? -1 : undefined} />;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="table-count ui-soft ui-small">
        {shown < rows.length || !table.isWhole ? `Rows 1–${Math.min(shown, rows.length).toLocaleString('en')} of ${total}` : `${total} ${rows.length === 1 ? 'row' : 'rows'}`}
        {note && <span>{note}</span>}
        {isRounded && <DigitsButton hasAll={hasAll} onChange={setAll} />}
        {shown < rows.length && (
          <button type="button" class="ui-button is-small" onClick={() => setShown(shown + step)}>
            Show more
          </button>
        )}
      </p>
    </div>
  );
}

// Of more, not all may be seen on its line.
const longestSeen = 28;
const mayBeCut = (text: string, isNumeric: boolean): boolean => !isNumeric && text.length > longestSeen;

function Cell({ text, isNumeric, hasAll, tabIndex }: { text: string; isNumeric: boolean; hasAll: boolean; tabIndex?: number }) {
  const shown = isNumeric && !hasAll ? shortened(text) : text;
  const isCut = tabIndex !== undefined;
  return (
    <td dir="auto" class={isNumeric ? 'is-number' : isCut ? 'is-cut' : ''} tabIndex={tabIndex} title={shown === text && !isCut ? undefined : text}>
      {shown}
    </td>
  );
}

// From one field whose text is cut to the next: the first of them is a stop of the Tab key.
function toCut(event: KeyboardEvent): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.is-cut')];
  const at = all.indexOf(event.target as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  all[to]?.focus();
}
