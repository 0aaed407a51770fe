// Administration: plugins, jobs, studies, usage, audit, providers, keys and users, each at an address of its own.

import { useEffect } from 'preact/hooks';
import '../artifacts/artifacts.css';
import { looksAfterAll, me } from '../state/session.ts';
import { loadTools, tools } from '../state/tools.ts';
import './admin.css';
import { AuditSection } from './audit.tsx';
import { JobsSection } from './jobs.tsx';
import { KeysSection } from './keys.tsx';
import { Overview } from './overview.tsx';
import { PluginsSection } from './plugins.tsx';
import { ProvidersSection } from './providers.tsx';
import { StudiesSection } from './studies.tsx';
import { UsageSection } from './usage.tsx';
import { UsersSection } from './users.tsx';

interface Section {
  id: string;
  label: string;
  body: () => preact.JSX.Element;
  /** To whom it is shown; without it, to everybody. */
  isFor?: () => boolean;
}

const sections: Section[] = [
  { id: '', label: 'Overview', body: Overview },
  { id: 'plugins', label: 'Plugins', body: PluginsSection },
  { id: 'providers', label: 'Models', body: ProvidersSection },
  { id: 'jobs', label: 'Jobs', body: JobsSection },
  { id: 'studies', label: 'Studies', body: StudiesSection },
  { id: 'usage', label: 'Usage', body: UsageSection },
  { id: 'audit', label: 'Audit', body: AuditSection },
  { id: 'keys', label: 'API keys', body: KeysSection, isFor: usesKeys },
  { id: 'users', label: 'Users', body: UsersSection, isFor: () => looksAfterAll.value && me.value?.auth !== 'none' },
];

/** As the page is called that shows it. */
export function labelOfSection(section: string): string {
  const label = sections.find(({ id }) => id === section)?.label;
  return section && label ? `${label} · Administration` : 'Administration';
}

// Where nobody needs one, and where none is taken, there are none to look after.
function usesKeys(): boolean {
  return me.value !== null && me.value.auth !== 'none' && me.value.takes_keys;
}

export function AdminView({ section }: { section: string }) {
  const theirs = sections.filter(({ isFor }) => !isFor || isFor());
  const shown = theirs.find(({ id }) => id === section);
  useEffect(() => {
    if (!tools.value) void loadTools();
  }, []);
  return (
    <section class="ui-view" aria-labelledby="admin-title">
      <div class="admin">
        <header class="ui-view-head">
          {/* What is out of sight would be read as a line of its own. */}
          <h1 id="admin-title" aria-label={shown && shown.id !== '' ? `Administration: ${shown.label}` : undefined}>
            Administration
          </h1>
        </header>
        <nav class="tabs admin-tabs" aria-label="Administration">
          {theirs.map(({ id, label }) => (
            <a key={id} href={id ? `/admin/${id}` : '/admin'} aria-current={id === section ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        {shown ? <shown.body /> : <p class="ui-empty">There is no section “{section}”.</p>}
      </div>
    </section>
  );
}
