// Reads tables from comma, semicolon or tab separated text (RFC 4180, with comment lines that begin with "#").

import type { Table } from './table.ts';
import { typed } from './table.ts';

const separators = [',', ';', '\t'];

/** What stands most often in the first line, outside of quotes. */
function separatorOf(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = separators.map((separator) => bare.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))]!;
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
  const firstLine = /^[^\r\n]*/.exec(content)![0];
  const [header = [], ...rows] = parseRecords(content, separatorOf(firstLine));
  return typed(name, header, rows, isWhole);
}
