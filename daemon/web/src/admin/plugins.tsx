// The plugin files: which are in use, which are not and why, and what one tells differently than what was agreed to.

import { post } from '../api/client.ts';
import type { Plugin } from '../api/types.ts';
import { showToast } from '../state/toasts.ts';
import { ActButton } from './act_button.tsx';
import { Problem } from './problem.tsx';
import { useRefreshed } from './use_refreshed.ts';

const tones: Record<string, string> = { ready: 'is-good', refused: 'is-bad', quarantined: 'is-bad', waiting: 'is-warn', starting: 'is-warn', left_out: 'is-warn' };

export function PluginsSection() {
  const plugins = useRefreshed<{ plugins: Plugin[] }>('/plugins', 4_000);
  return (
    <>
      <Problem of={plugins} />
      {plugins.value?.plugins.length === 0 && <p class="ui-empty">No plugin is there. Copy one into the plugin folder; its tools are offered a moment later.</p>}
      <ul class="admin-cards" aria-label="Plugins">
        {plugins.value?.plugins.map((plugin) => (
          <PluginCard key={plugin.file} plugin={plugin} refresh={plugins.refresh} />
        ))}
      </ul>
    </>
  );
}

function PluginCard({ plugin, refresh }: { plugin: Plugin; refresh: () => void }) {
  const path = plugin.id && `/plugins/${encodeURIComponent(plugin.id)}`;
  const release = async (): Promise<void> => {
    await post(`${path}/release`, {});
    showToast(`${plugin.id} may run again.`);
    refresh();
  };
  const approve = async (): Promise<void> => {
    // Those that were shown: what changed since is not agreed to.
    await post(`${path}/approve`, { changes: plugin.changes });
    showToast(`The changes of ${plugin.id} are agreed to.`);
    refresh();
  };
  return (
    <li class="admin-card">
      <header role="none">
        <h2>{plugin.id ?? plugin.file}</h2>
        <span class={`ui-badge ${tones[plugin.state] ?? ''}`}>{plugin.state}</span>
      </header>
      <p class="ui-soft ui-small">{[plugin.version && `version ${plugin.version}`, plugin.file].filter(Boolean).join(' · ')}</p>
      {plugin.reason && <p class={plugin.state === 'ready' ? 'ui-small' : 'ui-error ui-small'}>{plugin.reason}</p>}
      {plugin.changes.length > 0 && (
        <>
          <h3>What it tells differently than what was agreed to</h3>
          <ul class="admin-card-list">
            {plugin.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      )}
      {plugin.tools.length > 0 && (
        <details>
          <summary class="ui-small">
            {plugin.tools.length} {plugin.tools.length === 1 ? 'tool' : 'tools'}
            <span class="ui-hidden"> of {plugin.id ?? plugin.file}</span>
          </summary>
          <p class="ui-small ui-soft">{plugin.tools.join(', ')}</p>
        </details>
      )}
      {path && (plugin.changes.length > 0 || plugin.state === 'quarantined') && (
        <footer>
          {plugin.changes.length > 0 && <ActButton label="Agree to the changes" of={`of ${plugin.id}`} run={approve} />}
          {plugin.state === 'quarantined' && <ActButton label="Let it run again" of={`: ${plugin.id}`} run={release} />}
        </footer>
      )}
    </li>
  );
}
