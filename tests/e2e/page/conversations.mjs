// Conversations in the sidebar: found, renamed, archived and taken back, deleted and not deleted.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { answered, becomes, call, run, say, shot, undoIsPatient, until } from './browser.mjs';

const titles = async () => (await call('GET', '/conversations?limit=100')).conversations.map((one) => one.title);

await run('conversations', async (browser) => {
  const page = await browser.page();
  await undoIsPatient(page);
  const list = page.getByRole('list', { name: 'Conversations', exact: true });
  const row = (title) => list.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(`^${title}`) }) });
  const choose = async (title, item) => {
    await page.getByRole('navigation').getByRole('button', { name: `What to do with “${title}”` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  for (const words of ['list algorithms', 'list my jobs', 'list my simulations']) {
    await page.getByRole('link', { name: 'New chat' }).click();
    await say(page, words);
    await answered(page);
  }
  await row('list my jobs').waitFor();

  await choose('list my jobs', 'Rename');
  await page.getByRole('textbox', { name: 'Title' }).fill('What goes on');
  await page.keyboard.press('Enter');
  await row('What goes on').waitFor();
  await until(async () => (await titles()).includes('What goes on'), 'the new title is kept');
  await shot(page, 'conversations-1-renamed');

  // Without a title, everybody calls it by what was said first.
  const rename = async (title, to) => {
    await choose(title, 'Rename');
    await page.getByRole('textbox', { name: 'Title' }).fill(to);
    await page.keyboard.press('Enter');
  };
  await row('list my simulations').getByRole('link').click();
  await rename('list my simulations', 'Mine');
  await row('Mine').waitFor();
  await rename('Mine', '  ');
  await row('list my simulations').waitFor();
  await page.getByRole('heading', { level: 1, name: 'list my simulations' }).waitFor();
  await until(async () => (await page.title()).startsWith('list my simulations'), 'the window is called so, too');
  await until(async () => (await titles()).includes(null), 'the title is taken away');

  await page.getByRole('combobox', { name: 'Search conversations' }).fill('algorithms');
  await row('What goes on').waitFor({ state: 'detached' });
  await page.getByRole('grid', { name: 'Conversations' }).getByRole('row', { name: /^list algorithms/ }).waitFor();
  await page.getByRole('combobox', { name: 'Search conversations' }).fill('');
  await row('What goes on').waitFor();

  // As a file, to read or to work with.
  const saved = async (item) => {
    const [download] = await Promise.all([page.waitForEvent('download'), choose('What goes on', item)]);
    return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
  };
  const [name, text] = await saved('Download as Markdown');
  assert.equal(name, 'What-goes-on.md');
  assert.match(text, /^# What goes on\n\n## user, \d{4}-\d\d-\d\d \d\d:\d\d\n\n/);
  assert.match(text, /\n\n\* calls \S[^\n]*\n\n\* [^\n]+: /);
  const [jsonName, json] = await saved('Download as JSON');
  assert.equal(jsonName, 'What-goes-on.json');
  assert.equal(JSON.parse(json).messages[0].role, 'user');

  await choose('What goes on', 'Archive');
  await row('What goes on').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Which conversations are shown' }).click();
  await page.getByRole('menuitemradio', { name: 'Archived' }).click();
  await page.getByRole('list', { name: 'Archived conversations' }).getByText('What goes on').waitFor();
  await shot(page, 'conversations-2-archive');
  await choose('What goes on', 'Take out of the archive');
  await page.getByRole('button', { name: /^Shown: Archived/ }).click();
  await row('What goes on').waitFor();

  await row('What goes on').getByRole('link').click();
  await page.locator('.bubble').getByText('list my jobs').waitFor();
  await choose('What goes on', 'Delete');
  await row('What goes on').waitFor({ state: 'detached' });
  // Nothing can be said in it any more, also by whoever goes back to it.
  await page.goBack();
  await page.getByText('This conversation is deleted.').waitFor();
  await becomes(() => page.getByRole('textbox', { name: 'Message' }).count(), 0);
  await shot(page, 'conversations-3-undo');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row('What goes on').waitFor();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await until(async () => (await titles()).includes('What goes on'), 'what goes on in the list');

  // A first message that is refused leaves no conversation behind, and is not lost.
  browser.allow(/status of 422/);
  await page.getByRole('link', { name: 'New chat' }).click();
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await page.setInputFiles('.composer input[type=file]', { name: 'grains.txt', mimeType: 'text/plain', buffer: Buffer.from('Grains.') });
  await page.getByRole('list', { name: 'Attachments' }).getByRole('progressbar').waitFor({ state: 'detached' });
  const long = 'word '.repeat(80_000);
  await message.fill(long);
  await message.press('Enter');
  await page.getByText('Your message is back in a new chat.').waitFor();
  await becomes(() => message.inputValue(), long);
  await page.getByRole('list', { name: 'Attachments' }).getByText('grains.txt').waitFor();
  await becomes(() => new URL(page.url()).pathname, '/');
  await shot(page, 'conversations-4-refused');
  await becomes(async () => (await titles()).length, 3);
  await becomes(() => list.getByRole('link').count(), 3);
  await message.fill('');

  // Whoever leaves at once has deleted all the same.
  await choose('What goes on', 'Delete');
  await row('What goes on').waitFor({ state: 'detached' });
  await page.close();
  await until(async () => !(await titles()).includes('What goes on'), 'the conversation is deleted');
  await until(async () => (await titles()).length === 2, 'two in the list');
});
