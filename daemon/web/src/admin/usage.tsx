// What was used, by day, model or user: a plot, and the same in numbers.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { UsageGroup, UsageReport } from '../api/types.ts';
import { Plot } from '../artifacts/plot.tsx';
import { announce } from '../state/announcements.ts';
import { looksAfterAll } from '../state/session.ts';
import { Problem } from './problem.tsx';
import { TableFrame } from './table_frame.tsx';
import { type Measure, measures, nameOf, plotOf } from './usage_data.ts';
import { useRefreshed } from './use_refreshed.ts';

const spans = [7, 30, 90, 365];
const askEveryMs = 30_000;
const number = (value: number) => value.toLocaleString('en');

export function UsageSection() {
  const [group, setGroup] = useState<UsageGroup>('day');
  const [days, setDays] = useState(30);
  const [measure, setMeasure] = useState<Measure>('total_tokens');
  // Days are those of UTC, as the daemon counts them.
  const from = new Date(Date.now() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  const report = useRefreshed<UsageReport>(`/usage?group_by=${group}&from=${from}${looksAfterAll.value ? '&all=true' : ''}`, askEveryMs);
  const shown = report.value?.group_by === group ? report.value : null;
  useTold(shown);
  const plot = useMemo(() => (shown ? plotOf(shown, measure) : null), [shown, measure]);

  return (
    <>
      <div class="filters">
        <label>
          <span class="ui-small ui-soft">By</span>
          <select class="ui-field" value={group} onChange={(event) => setGroup(event.currentTarget.value as UsageGroup)}>
            <option value="day">Day</option>
            <option value="model">Model</option>
            <option value="user">User</option>
          </select>
        </label>
        <label>
          <span class="ui-small ui-soft">Of the last</span>
          <select class="ui-field" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {spans.map((span) => (
              <option key={span} value={span}>
                {span} days
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="ui-small ui-soft">Show</span>
          <select class="ui-field" value={measure} onChange={(event) => setMeasure(event.currentTarget.value as Measure)}>
            {measures.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Problem of={report} />
      {plot && <Plot data={plot} label={`${plot.yLabel} by ${group}; the table below has the numbers.`} />}
      {shown && <UsageTable report={shown} />}
    </>
  );
}

// That another choice has changed the table: nobody hears it change.
function useTold(report: UsageReport | null): void {
  const choice = report && `${report.group_by} ${report.from}`;
  const before = useRef(choice);
  useEffect(() => {
    if (!report) return;
    const many = report.rows.length === 1 ? report.group_by : `${report.group_by}s`;
    if (before.current && before.current !== choice) announce(report.rows.length === 0 ? nothingIn(report) : `Usage of ${report.rows.length} ${many}.`);
    before.current = choice;
  }, [choice]);
}

const nothingIn = ({ from, to }: UsageReport): string => `Nothing was used from ${from} to ${to}.`;

function UsageTable({ report }: { report: UsageReport }) {
  if (report.rows.length === 0) return <p class="ui-empty">{nothingIn(report)}</p>;
  const rows = [...report.rows.map((row) => ({ name: nameOf(row), ...row })), { name: 'Total', ...report.totals }];
  return (
    <TableFrame label="Usage in numbers">
      <thead>
        <tr>
          <th scope="col">{{ day: 'Day', model: 'Model', user: 'User' }[report.group_by]}</th>
          {['Turns', 'Failed', 'Cancelled', 'Calls of tools', 'Prompt tokens', 'of these cached', 'Completion tokens', `Cost (${report.currency})`].map((name) => (
            <th key={name} scope="col" class="is-number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} class={row.name === 'Total' ? 'is-total' : ''}>
            <th scope="row">{row.name}</th>
            <td class="is-number">{number(row.turns)}</td>
            <td class="is-number">{number(row.outcomes.failed)}</td>
            <td class="is-number">{number(row.outcomes.cancelled)}</td>
            <td class="is-number">{number(row.tool_calls)}</td>
            <td class="is-number">
              {row.estimated && <abbr title="Partly estimated from the text: a server did not say.">≈ </abbr>}
              {number(row.prompt_tokens)}
            </td>
            <td class="is-number">{number(row.cached_tokens)}</td>
            <td class="is-number">{number(row.completion_tokens)}</td>
            <td class="is-number">{row.cost.toFixed(row.cost > 0 && row.cost < 1 ? 4 : 2)}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
