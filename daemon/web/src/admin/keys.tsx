// API keys, with which programs, assistctl and other clients ask; one's own, or, to administrators, everybody's.

import { useState } from 'preact/hooks';

import { remove } from '../api/client.ts';
import type { ApiKey } from '../api/types.ts';
import { looksAfterAll, me } from '../state/session.ts';
import { showToast } from '../state/toasts.ts';
import { timeText } from '../ui/format.ts';
import { Confirm } from './confirm.tsx';
import { NewKeyDialog } from './new_key_dialog.tsx';
import { Problem } from './problem.tsx';
import { useRefreshed } from './use_refreshed.ts';

export function KeysSection() {
  const keys = useRefreshed<{ keys: ApiKey[] }>(looksAfterAll.value ? '/keys?all=true' : '/keys', 10_000);
  const [showsEnded, setShowsEnded] = useState(false);
  const [isMaking, setMaking] = useState(false);
  // Beside the rows: those are asked for again and again, and one that goes must not take its dialog along.
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = async (key: ApiKey): Promise<void> => {
    await remove(`/keys/${key.id}`);
    showToast(`The key “${key.name}” is revoked.`);
    keys.refresh();
  };
  const all = keys.value?.keys ?? [];
  const shown = all.filter((key) => showsEnded || key.status === 'active');
  return (
    <>
      <div class="filters">
        {me.value?.scopes.includes('write') && (
          <button type="button" class="ui-button is-main" onClick={() => setMaking(true)}>
            New key
          </button>
        )}
        <label class="form-tick">
          <input type="checkbox" checked={showsEnded} onChange={(event) => setShowsEnded(event.currentTarget.checked)} />
          Also those that have ended
        </label>
      </div>
      <Problem of={keys} />
      <ul class="admin-rows" aria-label="API keys" hidden={shown.length === 0}>
        {shown.map((key) => (
          <KeyRow key={key.id} of={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      {keys.value && shown.length === 0 && <p class="ui-empty">{all.length === 0 ? 'There is no key yet.' : 'All keys have ended.'}</p>}
      {isMaking && <NewKeyDialog user={me.value!.user} onMade={keys.refresh} onClose={() => setMaking(false)} />}
      {revoking && (
        <Confirm
          title={`Revoke “${revoking.name}”?`}
          text="Whatever uses this key is refused from now on. It cannot be made good again."
          action="Revoke it"
          run={() => revoke(revoking)}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}

function KeyRow({ of: key, onRevoke }: { of: ApiKey; onRevoke: () => void }) {
  const facts = [
    looksAfterAll.value && key.user,
    `${key.hint}…`,
    key.scopes.join(', '),
    `made ${timeText(key.created_at)}`,
    key.last_used_at ? `last used ${timeText(key.last_used_at)}` : 'never used',
    key.expires_at && `${key.status === 'expired' ? 'ended' : 'ends'} ${timeText(key.expires_at)}`,
    key.revoked_at && `revoked ${timeText(key.revoked_at)}`,
  ];
  return (
    <li class="admin-row">
      <div class="admin-row-text">
        <b>{key.name}</b>
        <span class="ui-soft ui-small">{facts.filter(Boolean).join(' · ')}</span>
      </div>
      <span class={`ui-badge ${key.status === 'active' ? 'is-good' : ''}`}>{key.status}</span>
      {key.status === 'active' && (
        <button type="button" class="ui-button is-small is-dangerous" aria-label={`Revoke ${key.name}`} onClick={onRevoke}>
          Revoke
        </button>
      )}
    </li>
  );
}
