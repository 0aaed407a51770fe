// A table's first rows; a click on a column's name sorts by it.

import { useMemo, useState } from 'preact/hooks';

import { announce } from '../state/announcements.ts';
import { type Order, shortened, sorted, type Table } from './table.ts';

const step = 200;

export function TableView({ table }: { table: Table }) {
  const [order, setOrder] = useState<Order | null>(null);
  const [shown, setShown] = useState(step);
  const rows = useMemo(() => sorted(table, order), [table, order]);
  const total = `${table.rows.length.toLocaleString('en')}${table.isWhole ? '' : ' and more'}`;

  const sortBy = (column: number): void => {
    const next = order?.column !== column ? { column, descending: false } : order.descending ? null : { column, descending: true };
    setOrder(next);
    announce(next ? `Sorted by ${table.columns[column]?.name}, ${next.descending ? 'descending' : 'ascending'}.` : 'Sorted as in the file.');
  };
  const direction = (column: number) => (order?.column !== column ? 'none' : order.descending ? 'descending' : 'ascending');

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
          <tbody>
            {rows.slice(0, shown).map((row, i) => (
              <tr key={i}>
                {table.columns.map((column, j) => (
                  <Cell key={j} text={row[j] ?? ''} isNumeric={column.isNumeric} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="table-count ui-soft ui-small">
        {shown < rows.length || !table.isWhole ? `Rows 1–${Math.min(shown, rows.length).toLocaleString('en')} of ${total}` : `${total} ${rows.length === 1 ? 'row' : 'rows'}`}
        {shown < rows.length && (
          <button type="button" class="ui-button is-small" onClick={() => setShown(shown + step)}>
            Show more
          </button>
        )}
      </p>
    </div>
  );
}

function Cell({ text, isNumeric }: { text: string; isNumeric: boolean }) {
  const shown = isNumeric ? shortened(text) : text;
  return (
    <td dir="auto" class={isNumeric ? 'is-number' : ''} title={shown === text ? undefined : text}>
      {shown}
    </td>
  );
}
