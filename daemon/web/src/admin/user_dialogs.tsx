// What makes a user, and what gives one another password.

import { useState } from 'preact/hooks';

import { ApiError, patch, post } from '../api/client.ts';
import { fewestLetters } from '../shell/password_dialog.tsx';
import { me } from '../state/session.ts';
import { showToast } from '../state/toasts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Tick } from '../ui/form.tsx';

export function NewUserDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [former, setFormer] = useState('');
  const make = async (given: FormData): Promise<void> => {
    const name = String(given.get('name')).trim();
    const password = String(given.get('password') ?? '');
    try {
      await post('/users', {
        name,
        role: given.has('admin') ? 'admin' : 'user',
        ...(password ? { password } : {}),
        // Of the name for which it was ticked, and of no other.
        ...(given.get('take_over') === name ? { take_over: true } : {}),
      });
    } catch (error) {
      // Of a user who is there already, nothing can be taken over.
      const isFree = error instanceof ApiError && error.status === 409 && error.message.includes('take_over');
      setFormer(isFree ? name : '');
      throw error;
    }
    showToast(`${name} may use assistd${password ? ', and logs in with the password' : ''}.`);
    onMade();
    onClose();
  };
  return (
    <Dialog title="A new user" onClose={onClose} stays>
      <Form action="Make the user" busy="Making the user …" submit={make}>
        <Field name="name" label="Name" maxLength={64} note="Letters, digits and . _ @ + -; it never changes." />
        {me.value?.takes_keys && <Field name="password" label="Password for this page" type="password" complete="new-password" minLength={fewestLetters} note={`At least ${fewestLetters} characters. Who asks with keys only needs none.`} optional />}
        <Tick name="admin" label="An administrator" />
        {former && <Tick key={former} name="take_over" value={former} label={`With all that a former user ${former} has left`} />}
      </Form>
    </Dialog>
  );
}

export function SetPasswordDialog({ user, onSet, onClose }: { user: string; onSet: () => void; onClose: () => void }) {
  const set = async (given: FormData): Promise<void> => {
    await patch(`/users/${encodeURIComponent(user)}`, { password: given.get('password') });
    showToast(`The password of ${user} is set, and all logins have ended.`);
    onSet();
    onClose();
  };
  return (
    <Dialog title={`A password for ${user}`} onClose={onClose} stays>
      <Form action="Set it" busy="Setting it …" submit={set}>
        <Field name="password" label="Password" type="password" complete="new-password" minLength={fewestLetters} note={`At least ${fewestLetters} characters.`} />
      </Form>
    </Dialog>
  );
}
