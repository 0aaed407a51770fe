// Reads tables from comma, semicolon or tab separated text (RFC 4180, with comment lines that begin with "#").

import type { Table } from './table.ts';
import { isNumber, typed } from './table.ts';

// A file with tabs or semicolons may have commas in its numbers.
const separators = ['\t', ';', ','];
const sampled = 20;

/** What parts every line into as many fields; where lines differ, what stands most often in the first. */
function separatorOf(text: string): string {
  // Quoted fields may hold anything.
  const lines = text.slice(0, 100_000).replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/).filter(Boolean).slice(0, sampled);
  const counts = separators.map((separator) => lines.map((line) => line.split(separator).length));
  const even = counts.findIndex(([first = 1, ...others]) => first > 1 && others.every((count) => count === first));
  if (even >= 0) return separators[even]!;
  const inFirst = counts.map(([first = 1]) => first);
  return separators[inFirst.lastIndexOf(Math.max(...inFirst))]!;
}

/** The fields of all records; a quoted field may hold separators, quotes and line ends. */
export function parseRecords(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') {
      let end = at + 1;
      while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1;
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') field += text[at++]!;
    } else {
      const begin = at;
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') ++at;
      field = text.slice(begin, at);
    }
    record.push(field);
    if (text[at] === separator) {
      ++at;
      if (at < text.length) continue;
      record.push('');
    }
    if (text[at] === '\r') ++at;
    if (text[at] === '\n') ++at;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}

/** `isWhole` is false when more of the file follows: then its last line, which may be cut, is left out. */
export function parseTable(name: string, text: string, isWhole: boolean): Table {
  let content = text.replace(/^\ufeff/, '').replace(/^(?:#[^\n]*\n)+/, '');
  if (!isWhole) content = content.slice(0, content.lastIndexOf('\n') + 1);
  const separator = separatorOf(content);
  const records = parseRecords(content, separator);
  const options = { isWhole, hasCommas: separator !== ',' };
  // Numbers are no names: such a file has none.
  if (records.length > 1 && records[0]!.every((field) => isNumber(field, options.hasCommas))) return typed(name, [], records, options);
  return typed(name, records[0] ?? [], records.slice(1), options);
}
