// Warnings that differ in nothing but numbers, as one: “R^2 = 0.91” and “R^2 = 0.83” are “R^2 = 0.83 to 0.91”.

export interface Warning {
  text: string;
  runs: number;
}

interface Range {
  least: string;
  most: string;
}

interface Merged {
  // What stands before, between and after the numbers.
  words: string[];
  numbers: Range[];
  runs: number;
}

// A hyphen within a word is no sign: “simulation-3”.
const number = /(?:(?<![\w)])[-−])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[-+]?\d+)?/gi;

export function merged(warnings: Iterable<Warning>): Warning[] {
  const byWords = new Map<string, Merged>();
  for (const { text, runs } of warnings) {
    const words = text.split(number);
    const numbers = [...text.matchAll(number)].map(([one]) => ({ least: one, most: one }));
    const key = words.join('\0');
    const known = byWords.get(key);
    if (!known) byWords.set(key, { words, numbers, runs });
    else byWords.set(key, { words, numbers: known.numbers.map((one, i) => widened(one, numbers[i]!)), runs: known.runs + runs });
  }
  return [...byWords.values()].map((one) => ({ text: told(one), runs: one.runs })).sort((one, other) => other.runs - one.runs);
}

const valueOf = (text: string): number => Number(text.replaceAll(',', '').replace('−', '-'));

function widened(known: Range, { least: one }: Range): Range {
  const value = valueOf(one);
  return { least: value < valueOf(known.least) ? one : known.least, most: value > valueOf(known.most) ? one : known.most };
}

function told({ words, numbers }: Merged): string {
  return words.map((part, i) => part + rangeOf(numbers[i])).join('');
}

function rangeOf(range: Range | undefined): string {
  if (!range) return '';
  return range.least === range.most ? range.least : `${range.least} to ${range.most}`;
}
