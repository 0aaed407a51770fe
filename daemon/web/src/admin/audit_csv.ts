// The audit as a file for spreadsheets, with the columns of assistctl audit --csv.

import type { AuditEntry, Json } from '../api/types.ts';

const columns = [
  'at', 'user', 'tool', 'outcome', 'decided_by', 'duration_s', 'cpu_s', 'peak_memory_bytes', 'plugin', 'version', 'project_id', 'conversation_id',
  'turn_id', 'tool_call_id', 'job_id', 'arguments_sha256', 'result_bytes', 'artifacts', 'whom', 'details', 'credential',
];

export function auditCsv(entries: AuditEntry[]): string {
  return [columns, ...entries.map(rowOf)].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function rowOf(entry: AuditEntry): string[] {
  const fields: Record<string, unknown> = { ...entry, ...entry.deed, plugin: entry.plugin.id, version: entry.plugin.version };
  return columns.map((column) => textOf((fields[column] ?? null) as Json));
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

// No spreadsheet takes a text for a formula.
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[,"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
