// Who may use this server. For administrators.

import { useState } from 'preact/hooks';

import { patch, remove, sentenceOf } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { me } from '../state/session.ts';
import { showError, showToast } from '../state/toasts.ts';
import { timeText } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { Confirm } from './confirm.tsx';
import { NewKeyDialog } from './new_key_dialog.tsx';
import { NewUserDialog, SetPasswordDialog } from './user_dialogs.tsx';
import { Problem } from './problem.tsx';
import { useRefreshed } from './use_refreshed.ts';

type Asked = 'key' | 'password' | 'delete';

export function UsersSection() {
  const users = useRefreshed<{ users: User[] }>('/users', 10_000);
  const [isMaking, setMaking] = useState(false);
  // Beside the rows: those are asked for again and again, and one that goes must not take its dialog along.
  const [open, setOpen] = useState<{ what: Asked; user: string } | null>(null);
  const close = (): void => setOpen(null);
  const drop = async (name: string): Promise<void> => {
    await remove(pathOf(name));
    showToast(`${name} is deleted.`);
    users.refresh();
  };
  return (
    <>
      <div class="filters">
        <button type="button" class="ui-button is-main" onClick={() => setMaking(true)}>
          New user
        </button>
      </div>
      <Problem of={users} />
      <ul class="admin-rows" aria-label="Users">
        {users.value?.users.map((user) => (
          <UserRow key={user.name} user={user} refresh={users.refresh} ask={(what) => setOpen({ what, user: user.name })} />
        ))}
      </ul>
      {isMaking && <NewUserDialog onMade={users.refresh} onClose={() => setMaking(false)} />}
      {open?.what === 'key' && <NewKeyDialog user={open.user} onMade={() => {}} onClose={close} />}
      {open?.what === 'password' && <SetPasswordDialog user={open.user} onSet={users.refresh} onClose={close} />}
      {open?.what === 'delete' && (
        <Confirm
          title={`Delete ${open.user}?`}
          text={`All keys and logins of ${open.user} end, and what runs is stopped. What ${open.user} made stays until “assistctl users remove-data ${open.user}” removes it.`}
          action="Delete the user"
          run={() => drop(open.user)}
          onClose={close}
        />
      )}
    </>
  );
}

const pathOf = (name: string): string => `/users/${encodeURIComponent(name)}`;

function UserRow({ user, refresh, ask }: { user: User; refresh: () => void; ask: (what: Asked) => void }) {
  const change = async (what: Partial<Pick<User, 'role' | 'disabled'>>, done: string): Promise<void> => {
    try {
      await patch(pathOf(user.name), what);
      showToast(done);
    } catch (error) {
      showError(sentenceOf(error));
    }
    refresh();
  };
  const items: MenuItem[] = [];
  if (me.value?.takes_keys) items.push({ label: 'Make an API key', icon: 'key', run: () => ask('key') });
  if (me.value?.takes_keys && user.name !== me.value.user)
    items.push({ label: user.has_password ? 'Give another password' : 'Give a password', icon: 'edit', run: () => ask('password') });
  if (user.name !== me.value?.user)
    items.push(
      user.role === 'admin'
        ? { label: 'Take the administrator’s role away', icon: 'back', run: () => void change({ role: 'user' }, `${user.name} is no administrator any more.`) }
        : { label: 'Make an administrator', icon: 'shield', run: () => void change({ role: 'admin' }, `${user.name} is an administrator.`) },
      user.disabled
        ? { label: 'Let in again', icon: 'restore', run: () => void change({ disabled: false }, `${user.name} may use assistd again.`) }
        : { label: 'Disable', icon: 'stop', run: () => void change({ disabled: true }, `${user.name} is shut out, and what ran is stopped.`) },
      { label: 'Delete', icon: 'delete', dangerous: true, run: () => ask('delete') },
    );
  const facts = [
    user.origin === 'token' ? 'known by tokens' : `made ${timeText(user.created_at)}`,
    user.last_seen_at ? `last seen ${timeText(user.last_seen_at)}` : 'never seen',
    user.has_password && 'has a password',
  ];
  return (
    <li class="admin-row">
      <div class="admin-row-text">
        <b>{user.name}</b>
        <span class="ui-soft ui-small">{facts.filter(Boolean).join(' · ')}</span>
      </div>
      {user.role === 'admin' && <span class="ui-badge">administrator</span>}
      {user.disabled && <span class="ui-badge is-bad">disabled</span>}
      {items.length > 0 && (
        <Menu label={`What to do with ${user.name}`} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
