// What makes a user, and what gives one another password.

import { useState } from 'preact/hooks';

import { ApiError, patch, post } from '../api/client.ts';
import { fewestLetters } from '../shell/password_dialog.tsx';
import { showToast } from '../state/toasts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Tick } from '../ui/form.tsx';

export function NewUserDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [mayTakeOver, setMayTakeOver] = useState(false);
  const make = async (given: FormData): Promise<void> => {
    const name = String(given.get('name')).trim();
    const password = String(given.get('password'));
    try {
      await post('/users', {
        name,
        role: given.has('admin') ? 'admin' : 'user',
        ...(password ? { password } : {}),
        ...(given.has('take_over') ? { take_over: true } : {}),
      });
    } catch (error) {
      setMayTakeOver(error instanceof ApiError && error.status === 409);
      throw error;
    }
    showToast(`${name} may use assistd${password ? ', and logs in with the password' : '; make a key next'}.`);
    onMade();
    onClose();
  };
  return (
    <Dialog title="A new user" onClose={onClose}>
      <Form action="Make the user" busy="Making the user …" submit={make}>
        <Field name="name" label="Name" maxLength={64} note="Letters, digits and . _ @ + -; it never changes." />
        <Field name="password" label="Password for this page" type="password" complete="new-password" minLength={fewestLetters} note={`At least ${fewestLetters} characters. Who asks with keys only needs none.`} optional />
        <Tick name="admin" label="An administrator" />
        {mayTakeOver && <Tick name="take_over" label="With all that a former user of that name has left" />}
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
    <Dialog title={`A password for ${user}`} onClose={onClose}>
      <Form action="Set it" busy="Setting it …" submit={set}>
        <Field name="password" label="Password" type="password" complete="new-password" minLength={fewestLetters} note={`At least ${fewestLetters} characters.`} />
      </Form>
    </Dialog>
  );
}
