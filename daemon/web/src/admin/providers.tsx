// The models' servers: whether one keeps failing, and on demand whether each answers and takes its key.

import { useState } from 'preact/hooks';

import { get } from '../api/client.ts';
import type { Provider } from '../api/types.ts';
import { ActButton } from './act_button.tsx';
import { Problem } from './problem.tsx';
import { useRefreshed } from './use_refreshed.ts';

const circuits = {
  closed: { text: 'In use', tone: 'is-good' },
  half_open: { text: 'Being tried again', tone: 'is-warn' },
  open: { text: 'Left alone for a while', tone: 'is-bad' },
};

const builtIn = 'It is built in: there is no server to ask.';

export function ProvidersSection() {
  const providers = useRefreshed<{ providers: Provider[] }>('/providers', 4_000);
  const [checks, setChecks] = useState<Map<string, Provider['check']>>(new Map());
  const check = async (): Promise<string> => {
    const reply = await get<{ providers: Provider[] }>('/providers', { query: { check: true } });
    setChecks(new Map(reply.providers.map((provider) => [provider.name, provider.check])));
    return reply.providers.map((provider) => `${provider.name}: ${provider.check?.message ?? builtIn}`).join(' ');
  };
  return (
    <>
      <div class="admin-actions">
        <ActButton label="Ask each whether it answers" run={check} />
      </div>
      <Problem of={providers} />
      <ul class="admin-cards" aria-label="Models' servers">
        {providers.value?.providers.map((provider) => (
          <ProviderCard key={provider.name} provider={provider} check={checks.get(provider.name)} />
        ))}
      </ul>
    </>
  );
}

function ProviderCard({ provider, check }: { provider: Provider; check: Provider['check'] }) {
  const circuit = circuits[provider.circuit];
  return (
    <li class="admin-card">
      <header role="none">
        <h2>{provider.name}</h2>
        {provider.is_default && <span class="ui-badge">default</span>}
        <span class={`ui-badge ${circuit.tone}`}>{circuit.text}</span>
      </header>
      <p class="ui-soft ui-small">{[provider.kind, provider.base_url].filter(Boolean).join(' · ')}</p>
      {provider.failures_in_a_row > 0 && <p class="ui-error ui-small">{provider.failures_in_a_row} failures in a row.</p>}
      {provider.models.length > 0 && <p class="ui-small">Models: {provider.models.join(', ')}</p>}
      {provider.fallback.length > 0 && <p class="ui-small">When it fails: {provider.fallback.join(', then ')}</p>}
      {check && <p class={`ui-small ${check.ok ? 'ui-good' : 'ui-error'}`}>{check.message}</p>}
      {check === null && <p class="ui-small ui-good">{builtIn}</p>}
    </li>
  );
}
