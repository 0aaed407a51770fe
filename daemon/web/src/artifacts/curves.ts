// Finds what can be plotted in data: lists of numbers of one length that stand together, in JSON or in a table.

import type { Json, JsonObject } from '../api/types.ts';
import type { Series } from './plot.tsx';
import { numbersIn, type Table } from './table.ts';

export interface Curve {
  name: string;
  xLabel: string;
  x: number[];
  yLabel: string;
  series: Series[];
  isLogX: boolean;
  isLogY: boolean;
  /** Points that stand alone rather than on a line. */
  isScatter: boolean;
}

const fewest = 4;
const usualAbscissas = /^(x|r|n|t|q|time|size|box_size|distance|lag|step|radius|index)( \[.*\])?$/i;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumbers(value: Json | undefined): value is number[] {
  return Array.isArray(value) && value.length >= fewest && value.every((item) => typeof item === 'number' || item === null);
}

function isRising(values: number[]): boolean {
  return values.every((value, i) => Number.isFinite(value) && (i === 0 || value > values[i - 1]!));
}

/** Over a decade or more, and all positive: as science plots it. */
function isLogarithmic(values: (number | null)[]): boolean {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const lowest = known.reduce((least, value) => Math.min(least, value), Infinity);
  const highest = known.reduce((most, value) => Math.max(most, value), -Infinity);
  return known.length > 0 && lowest > 0 && highest / lowest >= 10;
}

const readable = (name: string) => name.replaceAll('_', ' ');

interface Columns {
  [label: string]: number[];
}

function curveOf(name: string, columns: Columns, fitted: boolean[] | null): Curve | null {
  const labels = Object.keys(columns);
  const rising = labels.filter((label) => isRising(columns[label]!));
  const xLabel = rising.find((label) => usualAbscissas.test(label)) ?? rising[0];
  if (xLabel === undefined || labels.length < 2) return null;
  const x = columns[xLabel]!;
  const series: Curve['series'] = [];
  const measured = labels.filter((label) => label !== xLabel);
  for (const [hue, label] of measured.entries()) {
    const y = columns[label]!.map((value) => (Number.isFinite(value) ? value : null));
    if (fitted?.some(Boolean) && fitted.some((is) => !is)) {
      series.push({ label: `${readable(label)}, in the fit`, y: y.map((value, i) => (fitted[i] ? value : null)), hue });
      series.push({ label: `${readable(label)}, left out`, y: y.map((value, i) => (fitted[i] ? null : value)), hue, isPale: true });
    } else series.push({ label: readable(label), y });
  }
  const isLogY = series.every((one) => isLogarithmic(one.y) || one.y.filter((value) => value !== null).length < 3 || one.y.every((value) => value === null || value > 0)) && series.some((one) => isLogarithmic(one.y));
  return { name: readable(name), xLabel: readable(xLabel), yLabel: measured.map(readable).join(', '), x, series, isLogX: isLogarithmic(x), isLogY, isScatter: fitted !== null };
}

/** The shallowest objects that hold such lists; what was measured of something else (deeper ones) is left out. */
export function curvesInJson(json: Json): Curve[] {
  let level: { name: string; object: JsonObject }[] = isObject(json) ? [{ name: 'values', object: json }] : [];
  for (let depth = 0; depth < 3 && level.length > 0; ++depth) {
    const found = level.flatMap(({ name, object }) => curvesIn(name, object));
    if (found.length > 0) return found.map((curve) => withFit(curve, json));
    level = level.flatMap(({ object }) =>
      Object.entries(object).flatMap(([key, value]) => (isObject(value) ? [{ name: key, object: value }] : [])),
    );
  }
  return [];
}

// The power law that box counting found in the points.
function withFit(curve: Curve, json: Json): Curve {
  if (!isObject(json) || json.format !== 'assistd.box_counting/1') return curve;
  const { df, intercept } = json;
  const counted = curve.series.findIndex((one) => !one.isPale);
  if (typeof df !== 'number' || typeof intercept !== 'number' || counted < 0) return curve;
  const inFit = curve.series[counted]!.y;
  const y = curve.x.map((size, i) => (inFit[i] === null ? null : Math.exp(intercept) * size ** -df));
  return { ...curve, series: [...curve.series, { label: `fit, Df = ${Number(df.toPrecision(4))}`, y, hue: curve.series[counted]!.hue, isLine: true }] };
}

function curvesIn(name: string, object: JsonObject): Curve[] {
  const lists = Object.entries(object).filter((entry): entry is [string, number[]] => isNumbers(entry[1]));
  const lengths = [...new Set(lists.map(([, values]) => values.length))];
  return lengths.flatMap((length) => {
    const columns = Object.fromEntries(lists.filter(([, values]) => values.length === length));
    const flags = Object.values(object).find(
      (value): value is boolean[] => Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'boolean'),
    );
    const curve = curveOf(name, columns, flags ?? null);
    return curve ? [curve] : [];
  });
}

export function curvesInTable(table: Table): Curve[] {
  if (table.rows.length < fewest) return [];
  const columns: Columns = {};
  table.columns.forEach((column, i) => {
    if (column.isNumeric) columns[column.name] = numbersIn(table, i);
  });
  // Wide tables are lists of properties, and more than a few curves over one axis cannot be read.
  const curve = Object.keys(columns).length <= 5 ? curveOf(table.name, columns, null) : null;
  return curve ? [curve] : [];
}
