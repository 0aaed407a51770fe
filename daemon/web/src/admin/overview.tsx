// Everything at a glance, the numbers that call for somebody first.

import type { Job, Plugin, Provider, StoredDocument, Study, UsageReport } from '../api/types.ts';
import { isOnline } from '../state/connection.ts';
import { looksAfterAll } from '../state/session.ts';
import { type Refreshed, useRefreshed } from './use_refreshed.ts';

const askEveryMs = 5_000;
const most = 100;

interface Tile {
  label: string;
  value: string;
  detail: string;
  tone: 'good' | 'bad' | 'plain';
  href: string;
}

/** Lists are asked for a page only; what is longer than that is "100 or more". */
function count(items: unknown[]): string {
  return items.length >= most ? `${most} or more` : String(items.length);
}

export function Overview() {
  const ofAll = looksAfterAll.value ? '&all=true' : '';
  const plugins = useRefreshed<{ plugins: Plugin[] }>('/plugins', askEveryMs);
  const providers = useRefreshed<{ providers: Provider[] }>('/providers', askEveryMs);
  const jobs = useRefreshed<{ jobs: Job[] }>(`/jobs?state=running&limit=${most}${ofAll}`, askEveryMs);
  const studies = useRefreshed<{ studies: Study[] }>(`/studies?state=running&limit=${most}${ofAll}`, askEveryMs);
  const reading = useRefreshed<{ documents: StoredDocument[] }>(`/documents?status=in_progress&limit=${most}`, askEveryMs);
  const ready = useRefreshed<{ documents: StoredDocument[] }>(`/documents?status=completed&limit=${most}`, askEveryMs);
  const failed = useRefreshed<{ documents: StoredDocument[] }>(`/documents?status=failed&limit=${most}`, askEveryMs);
  const usage = useRefreshed<UsageReport>(`/usage?group_by=day${ofAll}`, 60_000);

  const tiles: (Tile | null)[] = [
    from(plugins, ({ plugins: all }) => {
      const bad = all.filter((one) => one.state !== 'ready').length;
      const changed = all.filter((one) => one.changes.length > 0).length;
      const detail = bad > 0 ? `${bad} not in use` : changed > 0 ? `${changed} with changes to agree to` : 'all in use';
      return { label: 'Plugins', value: String(all.length), detail, tone: bad > 0 ? 'bad' : 'good', href: '/admin/plugins' };
    }),
    from(providers, ({ providers: all }) => {
      const bad = all.filter((one) => one.circuit !== 'closed').length;
      return { label: "Models' servers", value: String(all.length), detail: bad > 0 ? `${bad} failing` : 'none fails', tone: bad > 0 ? 'bad' : 'good', href: '/admin/providers' };
    }),
    from(jobs, ({ jobs: all }) => ({ label: 'Jobs', value: count(all), detail: 'running now', tone: 'plain', href: '/admin/jobs' })),
    from(studies, ({ studies: all }) => ({ label: 'Studies', value: count(all), detail: 'running now', tone: 'plain', href: '/admin/studies' })),
    from(ready, ({ documents: all }) => {
      const bad = failed.value?.documents ?? [];
      const now = reading.value?.documents ?? [];
      const detail = [now.length > 0 && `${count(now)} being read`, bad.length > 0 && `${count(bad)} not readable`].filter(Boolean).join(', ') || 'ready';
      return { label: 'Documents', value: count(all), detail, tone: bad.length > 0 ? 'bad' : 'plain', href: '/documents' };
    }),
    from(usage, ({ totals }) => ({
      label: 'Turns in 30 days',
      value: totals.turns.toLocaleString('en'),
      detail: `${totals.total_tokens.toLocaleString('en')} tokens${totals.cost > 0 ? `, ${totals.cost.toFixed(2)} USD` : ''}`,
      tone: 'plain',
      href: '/admin/usage',
    })),
  ];
  const problem = isOnline.value ? [plugins, providers, jobs, studies, ready, usage].find((one) => one.problem)?.problem : undefined;
  return (
    <>
      {problem && (
        <p class="ui-error" role="alert">
          {problem}
        </p>
      )}
      <ul class="admin-tiles" aria-label="At a glance">
        {tiles.map((tile, i) => (
          <li key={i}>
            {tile ? (
              <a class="admin-tile" href={tile.href}>
                <span class="ui-soft ui-small">{tile.label}</span>
                <b>{tile.value}</b>
                <span class={`ui-small ${tile.tone === 'bad' ? 'ui-error' : tile.tone === 'good' ? 'ui-good' : 'ui-soft'}`}>{tile.detail}</span>
              </a>
            ) : (
              <span class="admin-tile is-waiting" />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function from<T>(asked: Refreshed<T>, tile: (value: T) => Tile): Tile | null {
  return asked.value === null ? null : tile(asked.value);
}
