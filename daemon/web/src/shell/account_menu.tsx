// At the foot of the sidebar: who is logged in, the own keys and password, and the way out. Nothing where everybody is
// the one user.

import { useState } from 'preact/hooks';

import { go } from '../state/route.ts';
import { logOut, me } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import './account_menu.css';
import { PasswordDialog } from './password_dialog.tsx';

export function AccountMenu() {
  const [isChanging, setChanging] = useState(false);
  const who = me.value;
  if (!who || who.auth === 'none') return null;
  const name = who.role === 'admin' ? `${who.user} (administrator)` : who.user;
  if (!who.csrf_token) return <span class="side-account">{name}</span>;
  const leave = (): void => void logOut().catch(() => showError('assistd does not answer, so you are still logged in.'));
  const items: MenuItem[] = [];
  if (who.takes_keys) items.push({ label: 'API keys', icon: 'key', run: () => go('/admin/keys') });
  if (who.has_password) items.push({ label: 'Change the password', icon: 'edit', run: () => setChanging(true) });
  items.push({ label: 'Log out', icon: 'back', run: leave });
  return (
    <>
      <div class="side-account">
        <Menu label={`Logged in as ${name}`} class="ui-button is-small" place="above" items={items}>
          {who.user}
        </Menu>
      </div>
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  );
}
