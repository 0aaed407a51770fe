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

const plain = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const number = new RegExp(`^${plain}$`, 'i');
// What was measured, its uncertainty, and of how many where that is worth saying: “2.15 ± 0.22 (3 of 4)”.
const uncertain = new RegExp(`^(${plain}) ± (${plain})( \\(.*\\))?$`, 'i');

export function typed(name: string, header: string[], rows: string[][], isWhole: boolean): Table {
  const width = Math.max(header.length, ...rows.slice(0, 1_000).map((row) => row.length));
  const columns = Array.from({ length: width }, (_, i) => {
    const values = rows.map((row) => row[i]?.trim() ?? '').filter((value) => value !== '');
    const isNumeric = values.length > 0 && values.every((value) => number.test(value) || uncertain.test(value) || /^[-+]?(nan|inf)$/i.test(value));
    return { name: header[i]?.trim() || `Column ${i + 1}`, isNumeric };
  });
  return { name, columns, rows, isWhole };
}

const valueOf = (text: string): number => Number(uncertain.exec(text)?.[1] ?? text);

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
    const difference = isNumeric ? valueOf(a) - valueOf(b) : Number.NaN;
    return sign * (Number.isFinite(difference) ? difference : a.localeCompare(b, 'en', { numeric: true }));
  });
}

export function numbersIn(table: Table, column: number): number[] {
  return table.rows.map((row) => (row[column]?.trim() ? valueOf(row[column]) : Number.NaN));
}

/** With six digits that say something: more are noise of the computation. Whole numbers are what they are. */
export function shortened(text: string): string {
  const [, mean, deviation, rest = ''] = uncertain.exec(text) ?? [];
  if (mean !== undefined && deviation !== undefined) return rounded(Number(mean), Number(deviation)) + rest;
  if (!/[.e]/i.test(text) || text.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '').length <= 6) return text;
  const value = Number(text);
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : text;
}

/** As science writes it: two digits of the uncertainty, and the value to the same place. */
function rounded(value: number, deviation: number): string {
  const places = Math.floor(Math.log10(Math.abs(deviation)));
  // Nothing was uncertain, or it is noise of the computation.
  if (deviation === 0 || Math.abs(deviation) < Math.abs(value) * 1e-9) return String(Number(value.toPrecision(6)));
  const digits = Math.floor(Math.log10(Math.abs(value || deviation))) - places + 2;
  if (places < -4 || places > 6) return `${Number(value.toPrecision(Math.max(1, Math.min(digits, 15))))} ± ${Number(deviation.toPrecision(2))}`;
  return `${value.toFixed(Math.max(0, 1 - places))} ± ${deviation.toFixed(Math.max(0, 1 - places))}`;
}
