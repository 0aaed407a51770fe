// Finds tables in JSON: lists of objects whose members, however deep, are plain values.
// Those of our own studies and comparisons are as people read them.

import type { Combination, Json, JsonObject, Statistics } from '../api/types.ts';
import { type Table, typed } from './table.ts';

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function flatten(object: JsonObject, prefix = ''): [string, string][] {
  return Object.entries(object).flatMap(([key, value]): [string, string][] =>
    isObject(value) ? flatten(value, `${prefix}${key}.`) : [[prefix + key, textOf(value)]],
  );
}

// As people read them; JSON's members may come in the order of the alphabet.
const statistics = ['count', 'n', 'mean', 'std', 'min', 'median', 'max'];

// The columns' places in the order in which they are shown: statistics change places among themselves.
function shownOrder(header: string[]): number[] {
  const rank = (name: string): number => statistics.indexOf(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
  const group = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);
  const order = header.map((_, at) => at);
  for (const prefix of new Set(header.map(group))) {
    const places = order.filter((at) => group(header[at]!) === prefix && rank(header[at]!) >= 0);
    const ranked = places.toSorted((one, other) => rank(header[one]!) - rank(header[other]!));
    places.forEach((place, i) => (order[place] = ranked[i]!));
  }
  return order;
}

// What tells most of a cluster; everything else that was measured comes after it.
const telling = ['df', 'kf', 'rg'];

export function tellingFirst(names: string[]): string[] {
  const rank = (name: string): number => (telling.includes(name) ? telling.indexOf(name) : telling.length);
  return names.toSorted((one, other) => rank(one) - rank(other));
}

// What was measured and what it was measured with are named by themselves where that leaves no doubt.
function plainNames(header: string[]): string[] {
  const plain = header.map((name) => name.replace(/^(?:metrics|parameters|values)\./, ''));
  return header.map((name, at) => (plain.filter((one) => one === plain[at]).length === 1 ? plain[at]! : name));
}

function tableOf(name: string, objects: JsonObject[]): Table {
  const header: string[] = [];
  const places = new Map<string, number>();
  const rows = objects.map((object) => {
    const row: string[] = [];
    for (const [key, value] of flatten(object)) {
      if (!places.has(key)) places.set(key, header.push(key) - 1);
      row[places.get(key)!] = value;
    }
    return row;
  });
  const order = shownOrder(header);
  return typed(name.replaceAll('_', ' '), plainNames(order.map((at) => header[at]!)), rows.map((row) => order.map((at) => row[at] ?? '')), { isWhole: true });
}

function withTellingFirst(measured: JsonObject): JsonObject {
  return Object.fromEntries(tellingFirst(Object.keys(measured)).map((name) => [name, measured[name]!]));
}

// Each run, and what came of it.
function runsOf(runs: JsonObject[]): Table {
  return tableOf('runs', runs.map((run) => (isObject(run.metrics) ? { ...run, metrics: withTellingFirst(run.metrics) } : run)));
}

// As many can stand beside each other; of more, each has a row.
const mostBeside = 6;

function simulationsBeside(simulations: JsonObject[]): Table {
  const rows = simulations.map(({ simulation = '', name, algorithm, values, errors }): JsonObject => ({
    simulation,
    ...(name && { name }),
    ...(algorithm && { algorithm }),
    values: isObject(values) ? withTellingFirst(withErrors(values, errors)) : null,
  }));
  const table = tableOf('simulations', rows);
  return rows.length > mostBeside ? table : turned(table);
}

function withErrors(values: JsonObject, errors: Json | undefined): JsonObject {
  const errorOf = (name: string): Json | undefined => (isObject(errors) ? errors[name] : undefined);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, errorOf(name) ? `${textOf(value)} ± ${textOf(errorOf(name)!)}` : value]));
}

// Its columns are rows: the first column's fields name the others, which stand as numbers stand.
function turned({ name, columns: [first, ...others], rows }: Table): Table {
  return {
    name,
    columns: [{ name: first?.name ?? '', isNumeric: false }, ...rows.map((row) => ({ name: row[0] ?? '', isNumeric: true }))],
    rows: others.map((column, i) => [column.name, ...rows.map((row) => row[i + 1] ?? '')]),
    isWhole: true,
  };
}

function isObjects(value: Json | undefined): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** A study's numbers: for each combination of parameters, the mean of its runs ± their standard deviation. */
export function resultsTable(combinations: Combination[]): Table {
  const measured = tellingFirst([...new Set(combinations.flatMap((one) => Object.keys(one.metrics)))].sort());
  const varied = [...new Set(combinations.flatMap((one) => Object.keys(one.parameters)))];
  const runsOf = ({ completed, failed }: Combination): string => (failed > 0 ? `${completed}, ${failed} failed` : `${completed}`);
  const rows = combinations.map((one) => [
    ...varied.map((name) => textOf(one.parameters[name] ?? '')),
    runsOf(one),
    ...measured.map((name) => statisticsText(one.metrics[name], one.completed)),
  ]);
  return typed('results', [...varied, 'runs', ...measured], rows, { isWhole: true });
}

function statisticsText(one: Statistics | undefined, runs: number): string {
  if (!one) return '';
  const deviation = one.std === null ? '' : ` ± ${one.std}`;
  return `${one.mean}${deviation}${deviation && one.count !== runs ? ` (${one.count} of ${runs})` : ''}`;
}

/** At the top, and in the members of the top: {"metrics": {"df": {…}, "kf": {…}}} has one row for each metric. */
export function tablesInJson(json: Json): Table[] {
  if (isObject(json) && isObject(json.study) && isObjects(json.runs)) return [runsOf(json.runs)];
  if (isObject(json) && json.format === 'assistd.comparison/1' && isObjects(json.simulations)) {
    const { simulations, ...others } = json;
    return [simulationsBeside(simulations as JsonObject[]), ...tablesInJson(others)];
  }
  const members: [string, Json][] = isObject(json) ? Object.entries(json) : [['values', json]];
  return members.flatMap(([name, value]) => {
    if (isObjects(value)) return [tableOf(name, value)];
    if (isObject(value)) {
      const entries = Object.entries(value);
      if (entries.length > 2 && entries.every(([, inner]) => isObject(inner)))
        return [tableOf(name, entries.map(([key, inner]) => ({ name: key, ...(inner as JsonObject) })))];
    }
    return [];
  });
}
