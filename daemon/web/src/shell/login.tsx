// What stands in the place of the page while nobody is logged in.

import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import { beginAnew, SESSION } from '../state/session.ts';
import { Field, Form } from '../ui/form.tsx';
import './login.css';

export function Login() {
  const [withKey, setWithKey] = useState(false);
  document.title = 'Log in · assistd';

  const logIn = async (given: FormData): Promise<void> => {
    // Blanks around a name or key came with the copying; a password's are its own.
    await post(SESSION, Object.fromEntries([...given].map(([name, text]) => [name, name === 'password' ? text : String(text).trim()])));
    beginAnew();
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
    <main class="login">
      <div class="login-form">
        <h1>Log in to assistd</h1>
        <Form key={String(withKey)} action="Log in" busy="Logging in …" submit={logIn} more={others}>
          {withKey ? (
            <Field name="key" label="API key" type="password" />
          ) : (
            <>
              <Field name="name" label="Name" complete="username" />
              <Field name="password" label="Password" type="password" complete="current-password" />
            </>
          )}
        </Form>
      </div>
    </main>
  );
}
