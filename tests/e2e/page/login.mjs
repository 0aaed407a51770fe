// A daemon that needs a login: the form, what it says of what is wrong, being logged in, and out.

import assert from 'node:assert/strict';

import { accessible, answered, ask, base, becomes, inHand, run, say, shot } from './browser.mjs';

await run('login', async (browser) => {
  browser.allow(/401/);
  const page = await browser.page();
  await page.getByRole('heading', { name: 'Log in to assistd' }).waitFor();
  await becomes(() => page.evaluate(() => document.activeElement.name), 'name');
  await shot(page, 'login-1-form');
  await accessible(page, 'the login');

  await page.getByLabel('Name').fill('alice');
  await page.getByLabel('Password').fill('wrong password');
  await page.keyboard.press('Enter');
  await page.getByText('The name or the password is wrong.').waitFor();
  await inHand(page.getByLabel('Name'));
  await shot(page, 'login-2-wrong');
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  const cookie = (await page.context().cookies()).find((one) => one.name === 'assistd_session');
  assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict');
  await becomes(() => page.evaluate(() => document.cookie), '');

  // What changes something, streams and uploads works with the cookie.
  await say(page, 'list algorithms');
  await answered(page);
  await page.reload();
  await answered(page);
  await page.getByRole('link', { name: 'Documents' }).click();
  await page.setInputFiles('input[aria-label^="Files to add"]', {
    name: 'note.md', mimeType: 'text/markdown', buffer: Buffer.from('# A note\n\nThe kettle boils.\n'),
  });
  await page.locator('.document[data-status=completed]', { hasText: 'note.md' }).waitFor();
  await page.getByRole('button', { name: 'Logged in as alice' }).waitFor();
  await shot(page, 'login-3-in');

  // Shut out while the page is open: the next request shows it, and what she wrote stays hers.
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await page.goto(base);
  await message.fill('alice alone knows');
  await page.reload();
  await message.waitFor();
  await becomes(() => message.inputValue(), 'alice alone knows');
  await ask('shut_out');
  await page.keyboard.press('Enter');
  await page.getByText('Your login has ended. What you have written is kept for you in this tab.').waitFor();
  await page.getByRole('heading', { name: 'Log in to assistd' }).waitFor();

  await page.getByRole('button', { name: 'Use an API key' }).click();
  await page.getByLabel('API key').fill(` ${await ask('key')} `);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Logged in as bob (administrator)' }).waitFor();
  await page.goto(base);
  await message.waitFor();
  await becomes(() => message.inputValue(), '');
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes('alice'));
  await page.getByRole('button', { name: 'Logged in as bob (administrator)' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in to assistd' }).waitFor();

  const phone = await browser.page({ size: 'phone', theme: 'dark' });
  await phone.getByRole('heading', { name: 'Log in to assistd' }).waitFor();
  await shot(phone, 'login-4-phone');
  await accessible(phone, 'the login on a phone');
});
