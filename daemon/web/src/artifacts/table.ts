// A table as the page shows it: which columns are numbers, and rows in order of one of them.

export interface Column {
  name: string;
  isNumeric: boolean;
  /** Its numbers are written as in German, "1.234,5". */
  hasCommas?: boolean;
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

const withComma = /^[-+]?(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d+)?(?:e[-+]?\d+)?$/i;

export function isNumber(text: string, hasCommas = false): boolean {
  const value = text.trim();
  return number.test(value) || (hasCommas && /\d/.test(value) && withComma.test(value));
}

const isMeasured = (value: string): boolean => number.test(value) || uncertain.test(value) || /^[-+]?(nan|inf)$/i.test(value);

interface Kind {
  isWhole: boolean;
  /** Whether a comma may stand in its numbers. */
  hasCommas?: boolean;
}

export function typed(name: string, header: string[], rows: string[][], { isWhole, hasCommas = false }: Kind): Table {
  const width = Math.max(header.length, ...rows.slice(0, 1_000).map((row) => row.length));
  const columns = Array.from({ length: width }, (_, i): Column => {
    const values = rows.map((row) => row[i]?.trim() ?? '').filter((value) => value !== '');
    const title = header[i]?.trim() || `Column ${i + 1}`;
    if (values.length === 0) return { name: title, isNumeric: false };
    if (values.every(isMeasured)) return { name: title, isNumeric: true };
    const isNumeric = hasCommas && values.every((value) => isNumber(value, true));
    return { name: title, isNumeric, hasCommas: isNumeric };
  });
  return { name, columns, rows, isWhole };
}

const valueOf = (text: string, hasCommas = false): number => Number(uncertain.exec(text)?.[1] ?? (hasCommas ? withPoint(text) : text));
const withPoint = (text: string): string => text.replaceAll('.', '').replace(',', '.');

const alphabet = new Intl.Collator('en', { numeric: true });

/** Empty fields come last in either direction. */
export function sorted(table: Table, order: Order | null): string[][] {
  if (!order) return table.rows;
  const { column, descending } = order;
  const sign = descending ? -1 : 1;
  const value = (row: string[]) => row[column] ?? '';
  const { isNumeric = false, hasCommas } = table.columns[column] ?? {};
  return table.rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
    const difference = isNumeric ? valueOf(a, hasCommas) - valueOf(b, hasCommas) : Number.NaN;
    return sign * (Number.isFinite(difference) ? difference : alphabet.compare(a, b));
  });
}

export function numbersIn(table: Table, column: number): number[] {
  const hasCommas = table.columns[column]?.hasCommas;
  return table.rows.map((row) => (row[column]?.trim() ? valueOf(row[column], hasCommas) : Number.NaN));
}

/** With six digits that say something: more are noise of the computation. Whole numbers are what they are. */
export function shortened(text: string): string {
  if (/^[-+]?\d*,\d+(?:e[-+]?\d+)?$/i.test(text)) return shortened(text.replace(',', '.')).replace('.', ',');
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
