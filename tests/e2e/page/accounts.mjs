// Keys, users and passwords on the page: what one makes there is good, what one takes away is not.

import { accessible, api, base, becomes, inHand, run, shot, twice } from './browser.mjs';

const statusWith = async (key) => (await fetch(`${api}/me`, { headers: { Authorization: `Bearer ${key}` } })).status;

async function logIn(page, name, password) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: `Logged in as ${name}` }).waitFor();
}

async function openKeys(page, name) {
  await page.getByRole('button', { name: `Logged in as ${name}` }).click();
  await page.getByRole('menuitem', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New key' }).waitFor();
}

async function makeKey(page, name) {
  await page.getByLabel('Name').fill(name);
  const dialog = page.getByRole('dialog', { name: `The key “${name}”` });
  // It is shown only once: a double click must not close it.
  await twice(page, page.getByRole('button', { name: 'Make it' }), () => dialog.waitFor());
  const key = await dialog.getByRole('textbox', { name: 'API key' }).inputValue();
  return { dialog, key };
}

await run('accounts', async (browser) => {
  browser.allow(/401|409|422/);
  const page = await browser.page();
  await logIn(page, 'boss', 'a long password');

  // A user, with a password.
  await page.goto(`${base}/admin/users`);
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByLabel('Name').fill('alice smith');
  await page.getByRole('button', { name: 'Make the user' }).click();
  await page.getByRole('alert').filter({ hasText: 'name' }).waitFor();
  await inHand(page.getByLabel('Name'));
  await page.getByLabel('Name').fill('alice');
  await page.getByLabel('Password for this page').fill('her own password');
  await shot(page, 'accounts-1-new-user');
  await accessible(page, 'the form of a new user');
  await page.getByRole('button', { name: 'Make the user' }).click();
  const row = page.getByRole('list', { name: 'Users' }).getByRole('listitem').filter({ hasText: 'alice' });
  await row.waitFor();

  // She has keys of her own, and another password.
  const hers = await browser.page();
  await logIn(hers, 'alice', 'her own password');
  await openKeys(hers, 'alice');
  await becomes(() => hers.getByRole('link', { name: 'Users' }).count(), 0);
  await hers.getByRole('button', { name: 'New key' }).click();
  await becomes(() => hers.getByLabel(/^admin:/).count(), 0);
  await hers.getByLabel(/^tools:/).uncheck();
  await shot(hers, 'accounts-2-new-key');
  await accessible(hers, 'the form of a new key');
  const { dialog, key } = await makeKey(hers, 'laptop');
  await shot(hers, 'accounts-3-key');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await becomes(() => statusWith(key), 200);
  const keys = hers.getByRole('list', { name: 'API keys' });
  await keys.getByText(/read, write · made/).waitFor();
  await shot(hers, 'accounts-4-keys');
  await accessible(hers, 'the keys');
  await hers.getByRole('button', { name: 'Revoke laptop' }).click();
  await hers.getByRole('button', { name: 'Revoke it' }).click();
  await hers.getByText('All keys have ended.').waitFor();
  await becomes(() => statusWith(key), 401);

  await hers.getByRole('button', { name: 'Logged in as alice' }).click();
  await hers.getByRole('menuitem', { name: 'Change the password' }).click();
  const change = async (present, wanted, again) => {
    await hers.getByLabel('The present one').fill(present);
    await hers.getByLabel('The new one', { exact: true }).fill(wanted);
    await hers.getByLabel('The new one again').fill(again);
    await hers.getByRole('button', { name: 'Change it' }).click();
  };
  await change('her own password', 'another password', 'yet another password');
  await hers.getByText('The two new passwords are not the same.').waitFor();
  await inHand(hers.getByLabel('The new one again'));
  await change('not her password', 'another password', 'another password');
  await hers.getByRole('alert').filter({ hasText: 'password' }).waitFor();
  await inHand(hers.getByLabel('The present one'));
  await shot(hers, 'accounts-5-password');
  await change('her own password', 'another password', 'another password');
  await hers.getByRole('heading', { name: 'Log in to assistd' }).waitFor();
  await logIn(hers, 'alice', 'another password');

  // A key for her, and she is shut out and deleted.
  const act = async (item) => {
    await row.getByRole('button', { name: 'What to do with alice' }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await act('Make an API key');
  const given = await makeKey(page, 'given');
  await given.dialog.getByRole('button', { name: 'Done' }).click();
  await becomes(() => statusWith(given.key), 200);
  await act('Disable');
  await row.getByText('disabled').waitFor();
  await becomes(() => statusWith(given.key), 403);
  await act('Let in again');
  await row.getByText('disabled').waitFor({ state: 'detached' });
  await becomes(() => statusWith(given.key), 200);
  await act('Make an administrator');
  await row.getByText('administrator').waitFor();
  await shot(page, 'accounts-6-users');
  await accessible(page, 'the users');
  await act('Delete');
  await page.getByRole('button', { name: 'Delete the user' }).click();
  await row.waitFor({ state: 'detached' });
  await becomes(() => statusWith(given.key), 401);
});
