// Makes an API key, which is shown this once.

import { useId, useState } from 'preact/hooks';

import { post } from '../api/client.ts';
import type { NewApiKey } from '../api/types.ts';
import { looksAfterAll, me } from '../state/session.ts';
import { CopyButton } from '../ui/buttons.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Tick } from '../ui/form.tsx';

const scopes = {
  read: 'see what is there',
  write: 'begin turns; make, change and delete',
  tools: 'call tools without a turn, also over MCP',
  admin: 'all that administrators may',
};
const ends = [
  { days: '30', label: 'in 30 days' },
  { days: '90', label: 'in 90 days' },
  { days: '365', label: 'in a year' },
  { days: '', label: 'never' },
];

// Marked, to be copied with the keyboard as well as with the button; and read letter by letter.
const show = (field: HTMLInputElement | null): void => {
  field?.focus();
  field?.select();
};

// No key reaches further than who makes it.
const mayGive = (scope: string): boolean => (scope === 'admin' ? looksAfterAll.value : me.value?.scopes.includes(scope)) ?? false;

export function NewKeyDialog({ user, onMade, onClose }: { user: string; onMade: () => void; onClose: () => void }) {
  const about = useId();
  const [made, setMade] = useState<NewApiKey | null>(null);
  const make = async (given: FormData): Promise<void> => {
    const days = Number(given.get('days'));
    if (!given.has('scope')) throw new Error('Tick what the key may, one thing at least.');
    setMade(
      await post<NewApiKey>('/keys', {
        name: String(given.get('name')).trim(),
        scopes: given.getAll('scope'),
        ...(days > 0 ? { expires_days: days } : {}),
        ...(user === me.value?.user ? {} : { user }),
      }),
    );
    onMade();
  };
  const whose = user === me.value?.user ? '' : ` for ${user}`;
  if (made)
    return (
      <Dialog title={`The key “${made.name}”`} onClose={onClose} stays>
        <p id={about}>Copy it now: only its hash is kept, so it is not shown again.</p>
        <p class="new-key">
          <input ref={show} class="ui-field" aria-label="API key" aria-describedby={about} value={made.key} readOnly spellcheck={false} />
          <CopyButton label="Copy the key" text={() => made.key} />
        </p>
        <p class="ui-small ui-soft">Programs send it as “Authorization: Bearer …”; assistctl takes it from the variable ASSISTD_API_KEY.</p>
        <div class="form-buttons">
          <button type="button" class="ui-button is-main" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={`A new API key${whose}`} onClose={onClose} stays>
      <Form action="Make it" busy="Making it …" submit={make}>
        <Field name="name" label="Name" maxLength={100} note="What it is for, such as “laptop”." />
        <fieldset class="form-set">
          <legend>It may</legend>
          {Object.entries(scopes).map(
            ([scope, meaning]) =>
              mayGive(scope) && <Tick key={scope} name="scope" value={scope} label={`${scope}: ${meaning}`} isOn={scope !== 'admin'} />,
          )}
        </fieldset>
        <label class="form-label">
          It ends
          <select class="ui-field" name="days" defaultValue="90">
            {ends.map(({ days, label }) => (
              <option key={days} value={days} selected={days === '90'}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </Form>
    </Dialog>
  );
}
