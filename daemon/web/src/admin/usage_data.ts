// Turns what the daemon says of usage into what a plot shows.

import type { PlotData } from '../artifacts/plot.tsx';
import type { GroupedUsageRow, UsageReport } from '../api/types.ts';

export type Measure = 'total_tokens' | 'turns' | 'tool_calls' | 'cost';

export const measures: { id: Measure; label: string }[] = [
  { id: 'total_tokens', label: 'Tokens' },
  { id: 'turns', label: 'Turns' },
  { id: 'tool_calls', label: 'Calls of tools' },
  { id: 'cost', label: 'Cost in USD' },
];

export function nameOf(row: GroupedUsageRow): string {
  if (row.day !== undefined) return row.day;
  if (row.user !== undefined) return row.user;
  return [row.provider, row.model].filter(Boolean).join(':') || 'not known';
}

/** All days from the first to the last, also those on which nothing was. */
function daysOf({ from, to }: UsageReport): string[] {
  const days: string[] = [];
  const last = Date.parse(`${to}T00:00:00Z`);
  for (let day = Date.parse(`${from}T00:00:00Z`); day <= last; day += 86_400_000) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

export function plotOf(report: UsageReport, measure: Measure): PlotData {
  const label = measures.find((one) => one.id === measure)!.label;
  const names = report.group_by === 'day' ? daysOf(report) : report.rows.map(nameOf);
  const known = new Map(report.rows.map((row) => [nameOf(row), row[measure]]));
  return {
    x: names.map((_, i) => i),
    names: report.group_by === 'day' ? names.map((name) => name.slice(5)) : names,
    series: [{ label, y: names.map((name) => known.get(name) ?? 0) }],
    xLabel: { day: 'Day', model: 'Model', user: 'User' }[report.group_by],
    yLabel: label,
    isBars: true,
  };
}
