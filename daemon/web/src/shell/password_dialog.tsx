// One changes the own password, which ends every login.

import { call, OWN_PASSWORD } from '../api/client.ts';
import { beginAnew, me } from '../state/session.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FieldError, Form } from '../ui/form.tsx';

export const fewestLetters = 10;

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const change = async (given: FormData): Promise<void> => {
    const wanted = given.get('new_password');
    if (wanted !== given.get('again')) throw new FieldError('again', 'The two new passwords are not the same.');
    await call('PUT', OWN_PASSWORD, { body: { current_password: given.get('current_password'), new_password: wanted } });
    beginAnew();
  };
  return (
    <Dialog title="Change the password" onClose={onClose} stays>
      <Form action="Change it" busy="Changing it …" submit={change}>
        {/* Programs that keep passwords want to know whose it is. */}
        <input type="text" name="username" autocomplete="username" value={me.value?.user} hidden readOnly />
        <Field name="current_password" label="The present one" type="password" complete="current-password" />
        <Field name="new_password" label="The new one" type="password" complete="new-password" minLength={fewestLetters} />
        <Field name="again" label="The new one again" type="password" complete="new-password" />
        <p class="ui-small ui-soft">All your logins end, this one too. Keys stay as they are.</p>
      </Form>
    </Dialog>
  );
}
