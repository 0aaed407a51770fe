// Several files at once: selected by boxes, by the pointer with Shift and Ctrl, by keys; downloaded, deleted and put back,
// attached to what is written.

import assert from 'node:assert/strict';

import { accessible, api, becomes, call, run, shot, undoIsPatient } from './browser.mjs';

const count = 12;

await run('several', async (browser) => {
  for (let i = 1; i <= count; ++i) {
    const added = await fetch(`${api}/artifacts?name=notes-${i}.txt`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: `Note ${i}` });
    assert.equal(added.status, 201);
  }
  const page = await browser.page({ path: '/artifacts', acceptDownloads: true });
  await undoIsPatient(page);
  const tile = (i) => page.locator('.artifact-tile', { has: page.getByText(`file-${i}`, { exact: true }) });
  const box = (i) => page.getByRole('checkbox', { name: `Select file-${i}`, exact: true });
  const bar = page.getByRole('group', { name: 'What to do with the selected files' });
  const handles = () => page.locator('.artifact-tile b').allInnerTexts();
  const selected = () => page.locator('li.is-selected b').allInnerTexts();

  // The newest stands first. With Shift all between are taken, with Ctrl one more, or one less.
  await tile(12).waitFor();
  assert.equal(await bar.count(), 0);
  await box(12).click();
  await box(9).click({ modifiers: ['Shift'] });
  await becomes(selected, ['file-12', 'file-11', 'file-10', 'file-9']);
  await tile(10).click({ modifiers: ['Control'] });
  await tile(3).click({ modifiers: ['Control'] });
  await becomes(selected, ['file-12', 'file-11', 'file-9', 'file-3']);
  await bar.getByText('4 selected').waitFor();
  await accessible(page, 'files of which some are selected');
  await shot(page, 'several-1-selected');

  // Deleted, and put back.
  await bar.getByRole('button', { name: 'Delete' }).click();
  await becomes(handles, ['file-10', 'file-8', 'file-7', 'file-6', 'file-5', 'file-4', 'file-2', 'file-1']);
  assert.equal(await bar.count(), 0);
  await page.getByText('4 files are deleted.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await becomes(async () => (await handles()).length, count);
  assert.equal((await call('GET', '/artifacts')).artifacts.length, count);

  // By keys: one stop of the Tab key, arrow keys between the tiles, with Shift they reach further.
  await tile(12).focus();
  await page.keyboard.press('ArrowRight');
  await becomes(() => tile(11).evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('Shift+ArrowRight');
  await becomes(selected, ['file-11', 'file-10']);
  await page.keyboard.press('Tab');
  await becomes(() => box(10).evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('Space');
  await becomes(selected, ['file-11']);
  await page.keyboard.press('Escape');
  await becomes(selected, []);
  await page.keyboard.press('Control+a');
  await becomes(async () => (await selected()).length, count);

  // Each comes, however many they are.
  const names = new Set();
  page.on('download', (download) => names.add(download.suggestedFilename()));
  await bar.getByRole('button', { name: 'Download' }).click();
  await becomes(() => names.size, count);
  await bar.getByRole('button', { name: 'Select none' }).click();

  // Attached to a new chat; from the files of a conversation, to that one.
  await tile(2).click({ modifiers: ['Control'] });
  await tile(1).click({ modifiers: ['Control'] });
  await bar.getByRole('button', { name: 'Attach to a new chat' }).click();
  const attached = page.getByRole('list', { name: 'Attachments' });
  await becomes(() => attached.locator('.attached-name').allInnerTexts(), ['notes-2.txt', 'notes-1.txt']);
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await becomes(() => message.evaluate((field) => field === document.activeElement), true);
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Sent with the message' }).waitFor();
  await page.getByRole('link', { name: 'Files' }).click();
  await box(5).click();
  await bar.getByRole('button', { name: 'Attach to “hello”' }).click();
  await becomes(() => attached.locator('.attached-name').allInnerTexts(), ['notes-5.txt']);
  await becomes(() => page.getByRole('heading', { level: 1 }).innerText(), 'hello');
  await shot(page, 'several-2-attached');

  // Over a dialog, too, what was done can be undone.
  await call('POST', `${new URL(page.url()).pathname.replace('/c/', '/conversations/')}/chat`, { content: 'Grow a 2d DLA cluster of 100 particles' });
  await page.getByRole('button', { name: 'Files of this conversation' }).click();
  const files = page.getByRole('dialog', { name: 'Files of this conversation' });
  await files.getByRole('checkbox', { name: 'Select simulation-1' }).click();
  await files.getByRole('button', { name: 'Delete' }).click();
  await files.getByRole('button', { name: 'simulation-1' }).waitFor({ state: 'detached' });
  await shot(page, 'several-2b-dialog');
  await files.getByRole('button', { name: 'Undo' }).click();
  await files.getByRole('checkbox', { name: 'Select simulation-1' }).click();
  await files.getByRole('button', { name: 'Attach to “hello”' }).click();
  await files.waitFor({ state: 'detached' });
  await becomes(() => attached.locator('.attached-name').allInnerTexts(), ['notes-5.txt', 'dla.npy']);

  // Not undone, they are gone; what cannot be deleted is there again.
  await page.getByRole('link', { name: 'Files' }).click();
  await box(7).click();
  await box(6).click();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await call('DELETE', '/artifacts/file-6');
  browser.allow(/status of (404|500)/);
  await page.route(/artifacts\/file-7$/, (route) => route.fulfill({ status: 500, body: '' }));
  await page.getByRole('button', { name: 'Dismiss' }).last().click();
  await page.getByRole('alert').getByText('without a reason').waitFor();
  await becomes(async () => (await handles()).filter((one) => one === 'file-7' || one === 'file-6'), ['file-7']);
  await page.context().close();

  const phone = await browser.page({ size: 'phone', path: '/artifacts', theme: 'dark' });
  await phone.getByRole('checkbox', { name: 'Select file-12' }).tap();
  await phone.getByRole('checkbox', { name: 'Select file-11' }).tap();
  await phone.getByText('2 selected').waitFor();
  await accessible(phone, 'selected files on a phone');
  await shot(phone, 'several-3-phone');
});
