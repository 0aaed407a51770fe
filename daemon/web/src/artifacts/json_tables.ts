// Finds tables in JSON: lists of objects whose members, however deep, are plain values.

import type { Json, JsonObject } from '../api/types.ts';
import { type Table, typed } from './table.ts';

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json): string {
  if (value === null) return '';
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
  return typed(name.replaceAll('_', ' '), order.map((at) => header[at]!), rows.map((row) => order.map((at) => row[at] ?? '')), true);
}

/** At the top, and in the members of the top: {"metrics": {"df": {…}, "kf": {…}}} has one row for each metric. */
export function tablesInJson(json: Json): Table[] {
  const members: [string, Json][] = isObject(json) ? Object.entries(json) : [['values', json]];
  return members.flatMap(([name, value]) => {
    if (Array.isArray(value) && value.length > 0 && value.every(isObject)) return [tableOf(name, value)];
    if (isObject(value)) {
      const entries = Object.entries(value);
      if (entries.length > 2 && entries.every(([, inner]) => isObject(inner)))
        return [tableOf(name, entries.map(([key, inner]) => ({ name: key, ...(inner as JsonObject) })))];
    }
    return [];
  });
}
