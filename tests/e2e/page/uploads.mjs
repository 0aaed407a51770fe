// What networks and logins do to uploads: a reply that is lost, a connection on which nothing moves any more, a login that
// ends. Each file is there once, and nothing has to be chosen again.

import assert from 'node:assert/strict';

import { accessible, answered, becomes, run, shot, until } from './browser.mjs';
import { Between } from './between.mjs';

await run('uploads', async (browser) => {
  const between = await Between.open();
  browser.allow(/401|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_CONNECTION_ABORTED/);
  const page = await browser.page({ at: between.address });
  await page.clock.install();
  await page.goto(between.address);
  const logIn = async (name) => {
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill('a long password');
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  await logIn('alice');
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.waitFor();
  const attached = page.getByRole('list', { name: 'Attachments' });
  const row = (name) => page.locator('.document', { hasText: name });
  const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const attach = (...files) => page.setInputFiles('.composer input[type=file]', files);
  const add = (...files) => page.setInputFiles('input[aria-label^="Files to add"]', files);
  const stored = async (kind) =>
    (await page.evaluate(async (path) => (await fetch(`/api/v1/ai/${path}?limit=100`)).json(), kind))[kind].map((one) => one.name).sort();
  const arrived = (name) => until(async () => (await attached.getByText(name).count()) === 1 && (await attached.getByRole('progressbar').count()) === 0 && (await attached.locator('.ui-held').count()) === 0, `${name} is attached`);

  // It was stored, and nobody heard of it.
  between.next('unheard.txt', 'unanswered');
  await attach(file('unheard.txt', 'Stored, and nobody heard of it.'));
  await until(() => between.times('unheard.txt') === 2, 'the file being sent again');
  await arrived('unheard.txt');
  await becomes(() => stored('artifacts'), ['unheard.txt']);
  await page.getByRole('link', { name: 'Documents' }).click();
  between.next('unheard.md', 'unanswered');
  await add(file('unheard.md', '# A document of which nobody heard'));
  await page.locator('.document[data-status=completed]', { hasText: 'unheard.md' }).waitFor();
  assert.equal(between.times('unheard.md'), 2);
  await becomes(() => stored('documents'), ['unheard.md']);
  await becomes(() => row('unheard.md').count(), 1);

  // Nothing moves any more: that is said, and one need not wait.
  // More than what stands between here and there takes in.
  const large = 'grain '.repeat(2_000_000);
  between.next('held.txt', 'held');
  await add(file('held.txt', large));
  await until(() => between.times('held.txt') === 1, 'the file being on its way');
  // Until what is between here and there is full, something moves.
  await until(async () => {
    await page.clock.fastForward(15_100);
    return row('held.txt').getByText('Nothing moves at the moment').isVisible();
  }, 'it being said that nothing moves', 500);
  await shot(page, 'uploads-1-still');
  await accessible(page, 'an upload that does not move');
  await row('held.txt').getByRole('button', { name: 'Send again now' }).click();
  await page.locator('.document:not([data-status=sending])', { hasText: 'held.txt' }).waitFor();
  assert.equal(between.times('held.txt'), 2);

  // Nor need one do anything about it.
  await page.getByRole('link', { name: 'New chat' }).click();
  between.next('still.txt', 'held');
  await attach(file('still.txt', large));
  await until(() => between.times('still.txt') === 1, 'the file being on its way');
  await until(async () => {
    await page.clock.fastForward(15_100);
    return attached.getByText('Nothing moves at the moment').isVisible();
  }, 'it being said that nothing moves', 500);
  await shot(page, 'uploads-2-still-attached');
  await page.clock.fastForward(60_100);
  await until(async () => {
    await page.clock.fastForward(1_000);
    return between.times('still.txt') === 2;
  }, 'the file being sent again', 200);
  await arrived('still.txt');
  await attached.getByRole('button', { name: 'Remove still.txt' }).click();

  // The login ends: what was chosen waits for the next one, and the page is not loaded again.
  await page.evaluate(() => (globalThis.isTheSamePage = true));
  between.next('late.txt', 'refused');
  await attach(file('late.txt', 'Sent when the login had ended.'));
  await page.getByText('the files that are being uploaded go on once you have logged in here').waitFor();
  await shot(page, 'uploads-3-login');
  await logIn('alice');
  await arrived('late.txt');
  await arrived('unheard.txt');
  assert.ok(await page.evaluate(() => globalThis.isTheSamePage));
  await field.fill('list algorithms');
  await page.keyboard.press('Enter');
  await page.locator('.said').getByText('late.txt').first().waitFor();
  await answered(page);
  await becomes(() => stored('artifacts'), ['held.txt', 'late.txt', 'still.txt', 'unheard.md', 'unheard.txt']);

  // They are not for whoever logs in instead.
  await page.getByRole('link', { name: 'Documents' }).click();
  between.next('alices.txt', 'refused');
  await add(file('alices.txt', 'For her alone.'));
  await page.getByText('the files that are being uploaded go on').waitFor();
  const questions = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await logIn('bob');
  await page.getByRole('button', { name: 'Logged in as bob' }).waitFor();
  await page.getByText('There are no documents yet.').waitFor();
  assert.deepEqual(questions, []);
  await becomes(() => stored('documents'), []);
  assert.equal(await page.evaluate(() => globalThis.isTheSamePage), undefined);
});
