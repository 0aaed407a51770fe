// At the foot of the sidebar: who is logged in, and the way out. Nothing where everybody is the one user.

import { logOut, me } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { Menu } from '../ui/menu.tsx';
import './account_menu.css';

export function AccountMenu() {
  const who = me.value;
  if (!who || who.auth === 'none') return null;
  const name = who.role === 'admin' ? `${who.user} (administrator)` : who.user;
  if (!who.csrf_token) return <span class="side-account">{name}</span>;
  const leave = (): void => void logOut().catch(() => showError('assistd does not answer, so you are still logged in.'));
  return (
    <div class="side-account">
      <Menu label={`Logged in as ${name}`} class="ui-button is-small" place="above" items={[{ label: 'Log out', icon: 'back', run: leave }]}>
        {who.user}
      </Menu>
    </div>
  );
}
