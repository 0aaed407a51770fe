// Files that are sent again from their beginning, and files that were uploaded before: both are told.

import { accessible, becomes, run, shot, until } from './browser.mjs';
import { Between } from './between.mjs';

await run('same_files', async (browser) => {
  const between = await Between.open();
  browser.allow(/status of 503/);
  const page = await browser.page({ at: between.address });
  const attached = page.getByRole('list', { name: 'Attachments' });
  const attach = (name, text) => page.setInputFiles('.composer input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const stored = async (kind) =>
    (await page.evaluate(async (path) => (await fetch(`/api/v1/ai/${path}?limit=100`)).json(), kind))[kind].map((one) => one.name).sort();
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();

  between.next('again.txt', 'away');
  between.next('again.txt', 'held');
  await attach('again.txt', 'Sent again and again.');
  await until(() => between.times('again.txt') === 2, 'the file being sent again');
  await attached.getByText(/^The connection broke: all of it is sent again, \d+ % so far$/).waitFor();
  await shot(page, 'same_files-1-again');
  await accessible(page, 'an upload that is sent again');
  await attached.getByRole('button', { name: 'Remove again.txt' }).click();

  // By its content, whatever its name.
  await attach('again.txt', 'Sent again and again.');
  await until(async () => (await stored('artifacts')).length === 1, 'the file being stored');
  await attached.getByRole('progressbar').waitFor({ state: 'detached' });
  await attached.getByRole('button', { name: 'Remove again.txt' }).click();
  await attach('other name.txt', 'Sent again and again.');
  await attached.getByText(/^You have this already: file-\d+ \(again\.txt\)$/).waitFor();
  await shot(page, 'same_files-2-already');
  await accessible(page, 'a file that was there already');
  await attach('third name.txt', 'Sent again and again.');
  await page.getByText(/^third name\.txt is attached already, as file-\d+\.$/).waitFor();
  await becomes(() => attached.getByText('third name.txt').count(), 0);
  await becomes(() => stored('artifacts'), ['again.txt']);

  await page.getByRole('link', { name: 'Documents' }).click();
  const add = (name) => page.setInputFiles('input[aria-label^="Files to add"]', { name, mimeType: 'text/plain', buffer: Buffer.from('What is known of grains.') });
  await add('grains.txt');
  await page.locator('.document[data-status=completed]', { hasText: 'grains.txt' }).waitFor();
  await add('more grains.txt');
  await page.getByText('You have more grains.txt already: grains.txt.').waitFor();
  await becomes(() => stored('documents'), ['grains.txt']);
  await becomes(() => page.locator('.document').count(), 1);
  await shot(page, 'same_files-3-document');
});
