// Administration: plugins, jobs, studies, usage, audit, providers, each at an address of its own.

import '../artifacts/artifacts.css';
import './admin.css';
import { AuditSection } from './audit.tsx';
import { JobsSection } from './jobs.tsx';
import { Overview } from './overview.tsx';
import { PluginsSection } from './plugins.tsx';
import { ProvidersSection } from './providers.tsx';
import { StudiesSection } from './studies.tsx';
import { UsageSection } from './usage.tsx';

const sections = [
  { id: '', label: 'Overview', body: Overview },
  { id: 'plugins', label: 'Plugins', body: PluginsSection },
  { id: 'providers', label: 'Models', body: ProvidersSection },
  { id: 'jobs', label: 'Jobs', body: JobsSection },
  { id: 'studies', label: 'Studies', body: StudiesSection },
  { id: 'usage', label: 'Usage', body: UsageSection },
  { id: 'audit', label: 'Audit', body: AuditSection },
];

export function AdminView({ section }: { section: string }) {
  const shown = sections.find(({ id }) => id === section);
  return (
    <section class="ui-view" aria-labelledby="admin-title">
      <div class="admin">
        <header class="ui-view-head">
          <h1 id="admin-title">Administration</h1>
        </header>
        <nav class="tabs admin-tabs" aria-label="Administration">
          {sections.map(({ id, label }) => (
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
