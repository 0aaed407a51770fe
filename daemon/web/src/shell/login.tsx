// What stands in the place of the page while nobody is let in: the way in that the daemon takes, and no other.

import { useEffect, useState } from 'preact/hooks';
import { get, post, sentenceOf } from '../api/client.ts';
import { hasFilesOnTheWay } from '../state/on_the_way.ts';
import { goOnAfterLogin, me, SESSION } from '../state/session.ts';
import { Field, Form } from '../ui/form.tsx';
import './login.css';

interface WaysIn {
  auth: 'none' | 'keys' | 'jwt';
  takes_keys: boolean;
}

export function Login() {
  const [ways, setWays] = useState<WaysIn | null>(null);
  const [problem, setProblem] = useState('');
  document.title = 'Log in · assistd';
  useEffect(() => {
    get<WaysIn>(SESSION).then(setWays, (error: unknown) => setProblem(sentenceOf(error)));
  }, []);
  return (
    <main class="login">
      <div class="login-form">
        <h1>Log in to assistd</h1>
        {me.value && <p role="status">{ended()}</p>}
        {problem ? <Again told={problem} /> : ways && (ways.takes_keys ? <LoginForm /> : <Again told={tokensOnly} />)}
      </div>
    </main>
  );
}

function ended(): string {
  return hasFilesOnTheWay()
    ? 'Your login has ended. What you have written is kept for you in this tab, and the files that are being uploaded go on once you have logged in here.'
    : 'Your login has ended. What you have written is kept for you in this tab.';
}

const tokensOnly =
  'This server lets in who comes with a token, and has no names and passwords of its own: open this page through what you log in with elsewhere. When you did, that login may have ended.';

// What brings a token along may bring another one when the page is asked for again.
function Again({ told }: { told: string }) {
  return (
    <>
      <p role="alert">{told}</p>
      <button type="button" class="ui-button is-main" onClick={() => void goOnAfterLogin()}>
        Try again
      </button>
    </>
  );
}

function LoginForm() {
  // Whose login has ended comes back as before.
  const before = me.value;
  const [withKey, setWithKey] = useState(before !== null && !before.has_password);
  const logIn = async (given: FormData): Promise<void> => {
    // Blanks around a name or key came with the copying; a password's are its own.
    await post(SESSION, Object.fromEntries([...given].map(([name, text]) => [name, name === 'password' ? text : String(text).trim()])));
    await goOnAfterLogin();
  };
  const others = (
    <>
      <button type="button" class="ui-button" onClick={() => setWithKey(!withKey)}>
        {withKey ? 'Use a name and password' : 'Use an API key'}
      </button>
      <p class="login-note">Whoever runs this server makes users and keys.</p>
    </>
  );
  return (
    <Form key={String(withKey)} action="Log in" busy="Logging in …" submit={logIn} more={others}>
      {withKey ? (
        <Field name="key" label="API key" type="password" />
      ) : (
        <>
          <Field name="name" label="Name" complete="username" value={before?.user} />
          <Field name="password" label="Password" type="password" complete="current-password" isFirst={before !== null} />
        </>
      )}
    </Form>
  );
}
