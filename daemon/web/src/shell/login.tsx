// What stands in the place of the page while nobody is logged in.

import { useEffect, useRef, useState } from 'preact/hooks';
import { post, sentenceOf } from '../api/client.ts';
import { beginAnew, SESSION } from '../state/session.ts';
import './login.css';

export function Login() {
  const [withKey, setWithKey] = useState(false);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  document.title = 'Log in · assistd';
  useEffect(() => first.current?.focus(), [withKey]);

  const logIn = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem('');
    try {
      // Blanks around a name or key came with the copying; a password's are its own.
      await post(SESSION, Object.fromEntries([...given].map(([name, text]) => [name, name === 'password' ? text : String(text).trim()])));
      beginAnew();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
      first.current?.focus();
    }
  };
  return (
    <main class="login">
      <form class="login-form" onSubmit={(event) => void logIn(event)} aria-labelledby="login-title">
        <h1 id="login-title">Log in to assistd</h1>
        {withKey ? (
          <Field key="key" name="key" label="API key" type="password" complete="off" field={first} />
        ) : (
          <>
            <Field key="name" name="name" label="Name" type="text" complete="username" field={first} />
            <Field key="password" name="password" label="Password" type="password" complete="current-password" />
          </>
        )}
        <p class="login-problem" role="alert">{problem}</p>
        <button type="submit" class="ui-button is-main" disabled={isBusy}>
          {isBusy ? 'Logging in …' : 'Log in'}
        </button>
        <button type="button" class="ui-button" onClick={() => { setWithKey(!withKey); setProblem(''); }}>
          {withKey ? 'Use a name and password' : 'Use an API key'}
        </button>
        <p class="login-note">Whoever runs this server makes users and keys.</p>
      </form>
    </main>
  );
}

interface FieldProps {
  name: string;
  label: string;
  type: string;
  complete: string;
  field?: preact.RefObject<HTMLInputElement>;
}

function Field({ name, label, type, complete, field }: FieldProps) {
  return (
    <label class="login-label">
      {label}
      <input ref={field} class="ui-field" name={name} type={type} autocomplete={complete} autocapitalize="none" spellcheck={false} required />
    </label>
  );
}
