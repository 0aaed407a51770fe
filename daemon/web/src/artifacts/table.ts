// A table as the page shows it: which columns are numbers, and rows in order of one of them.

export interface Column {
  name: string;
  isNumeric: boolean;
}

export interface Table {
  name: string;
  columns: Column[];
  rows: string[][];
  /** False when the file has more rows than were read. */
  isWhole: boolean;
}

export interface Order {
  column: number;
  descending: boolean;
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

export function typed(name: string, header: string[], rows: string[][], isWhole: boolean): Table {
  const width = Math.max(header.length, ...rows.slice(0, 1_000).map((row) => row.length));
  const columns = Array.from({ length: width }, (_, i) => {
    const values = rows.map((row) => row[i]?.trim() ?? '').filter((value) => value !== '');
    const isNumeric = values.length > 0 && values.every((value) => number.test(value) || /^[-+]?(nan|inf)$/i.test(value));
    return { name: header[i]?.trim() || `Column ${i + 1}`, isNumeric };
  });
  return { name, columns, rows, isWhole };
}

/** Empty fields come last in either direction. */
export function sorted(table: Table, order: Order | null): string[][] {
  if (!order) return table.rows;
  const { column, descending } = order;
  const sign = descending ? -1 : 1;
  const value = (row: string[]) => row[column] ?? '';
  const isNumeric = table.columns[column]?.isNumeric ?? false;
  return table.rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
    return sign * (isNumeric ? Number(a) - Number(b) : a.localeCompare(b, 'en', { numeric: true }));
  });
}

export function numbersIn(table: Table, column: number): number[] {
  return table.rows.map((row) => (row[column]?.trim() ? Number(row[column]) : Number.NaN));
}

/** With six digits that say something: more are noise of the computation. Whole numbers are what they are. */
export function shortened(text: string): string {
  if (!/[.e]/i.test(text) || text.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '').length <= 6) return text;
  const value = Number(text);
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : text;
}
