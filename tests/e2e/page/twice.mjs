// Double clicks, and keys that are held down: nothing happens twice, and nothing that has come under the pointer, or got the
// keyboard, in between happens at all.

import assert from 'node:assert/strict';

import { answered, ask, becomes, call, run, say, shot, twice, undoIsPatient, until } from './browser.mjs';

await run('twice', async (browser) => {
  const page = await browser.page();
  await undoIsPatient(page);
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const shows = (target) => () => target.first().waitFor();
  const goes = (target) => () => target.waitFor({ state: 'detached' });
  const conversations = async () => (await call('GET', '/conversations?limit=100&archived=false')).conversations;
  const notStopped = async (words) => {
    await (await answered(page)).getByText(words).waitFor();
    await becomes(() => page.getByText('Stopped.', { exact: true }).count(), 0);
    await becomes(() => page.getByText('it was cancelled').count(), 0);
  };

  // Send is where Stop is a moment later: in a new chat, in one that is open, for another reply, for other words.
  await field.fill('Tell a story [story]');
  await twice(page, button('Send'), async () => {
    await page.getByText('Once upon a time').waitFor();
    await button('Stop').waitFor();
  });
  await ask('open', 'story');
  await notStopped('Once upon a time there was an end.');
  await field.fill('Tell another one [second]');
  await twice(page, button('Send'), shows(button('Stop')));
  await ask('open', 'second');
  await notStopped('A second one.');
  const again = button('Answer again');
  await twice(page, again.last(), shows(button('Stop')));
  await ask('open', 'again');
  await notStopped('Another second one.');
  await page.getByRole('group', { name: 'Replies to this message' }).getByText('2/2').waitFor();
  await page.locator('.said').last().hover();
  await button('Edit and send again').last().click();
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  await editor.fill('Tell it otherwise [edited]');
  await twice(page, page.locator('.editor').getByRole('button', { name: 'Send' }), goes(editor));
  await ask('open', 'edited');
  await notStopped('Otherwise.');
  await becomes(() => page.locator('.bubble').count(), 2);

  // And Stop is where Send is, which would send what is being written.
  await say(page, 'Say something long [long]');
  await page.getByText('It is long').waitFor();
  await field.fill('a draft');
  await twice(page, button('Stop'), async () => {
    await button('Send').waitFor();
    await button('Send').and(page.locator(':enabled')).waitFor();
  });
  await ask('open', 'long');
  await becomes(() => field.inputValue(), 'a draft');
  await becomes(() => page.locator('.bubble').count(), 3);

  // Enter that is held down where a message is said differently does not send the draft.
  await page.locator('.said').last().hover();
  await button('Edit and send again').last().click();
  await editor.fill('Say something short [short]');
  await editor.focus();
  await page.keyboard.down('Enter');
  await answered(page);
  await becomes(() => field.evaluate((one) => one === document.activeElement), true);
  for (let i = 0; i < 3; ++i) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await becomes(() => field.inputValue(), 'a draft');
  await becomes(() => page.locator('.bubble').count(), 3);
  await field.fill('');
  await shot(page, 'twice-1-chat');

  // A word for a tool is given once.
  await say(page, 'Grow something [grow]');
  await twice(page, page.getByRole('group', { name: /^Approval/ }).getByRole('button', { name: /^Allow/ }), goes(page.getByRole('group', { name: /^Approval/ })));
  await (await answered(page)).getByText('It has grown.').waitFor();
  assert.equal((await call('GET', '/artifacts?kind=simulation')).artifacts.length, 1);

  // A file that did not get through is sent again once.
  browser.allow(/status of 429/);
  await page.route('**/artifacts?name=grains.txt', (route) => route.fulfill({ status: 429, json: { error: { code: 'busy', message: 'Not now.' } } }), { times: 1 });
  await page.setInputFiles('.composer input[type=file]', { name: 'grains.txt', mimeType: 'text/plain', buffer: Buffer.from('Grains.') });
  await twice(page, button('Try again'), goes(button('Try again')));
  await page.getByRole('list', { name: 'Attachments' }).getByRole('progressbar').waitFor({ state: 'detached' });
  assert.equal((await call('GET', '/artifacts?kind=file')).artifacts.length, 1);
  await button('Remove grains.txt').click();

  // A menu is over the rows of other conversations, which are not opened.
  for (const words of ['First [x]', 'Second [x]', 'Third [x]']) {
    await page.getByRole('link', { name: 'New chat' }).click();
    await say(page, words);
    await answered(page);
  }
  const here = page.url();
  const choose = async (title, item, effect) => {
    await page.getByRole('navigation').getByRole('button', { name: `What to do with “${title}”` }).click();
    const entry = page.getByRole('menuitem', { name: item });
    await twice(page, entry, effect ?? goes(entry));
  };
  await choose('Third [x]', 'Rename');
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.fill('The third');
  await twice(page, title, async () => undefined);
  await title.press('Enter');
  await page.getByRole('link', { name: /^The third/ }).waitFor();
  await choose('Second [x]', 'Archive');
  await until(async () => (await conversations()).length === 3, 'one being archived');
  await choose('First [x]', 'Delete');
  await becomes(() => page.url(), here);
  await becomes(() => page.getByRole('list', { name: 'Conversations', exact: true }).getByRole('listitem').count(), 2);

  // The row below comes to where the one was that is deleted, and another message to where Undo was.
  await page.getByRole('link', { name: 'Documents' }).click();
  const files = ['one.md', 'two.md', 'three.md'].map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`# ${name}`) }));
  await page.setInputFiles('input[aria-label^="Files to add"]', files);
  await until(async () => (await page.locator('.document[data-status=completed]').count()) === 3, 'three documents');
  const names = () => page.locator('.document-name').allInnerTexts();
  const [first, second, third] = await names();
  await twice(page, button(`Delete ${first}`), goes(button(`Delete ${first}`)));
  await becomes(names, [second, third]);
  await button(`Delete ${second}`).click();
  await becomes(names, [third]);
  const undo = page.locator('.toast').filter({ hasText: `${second} is deleted.` }).getByRole('button', { name: 'Undo' });
  await twice(page, undo, goes(undo));
  await becomes(names, [second, third]);
  await shot(page, 'twice-2-documents');

  // Who opens something by a double click does not close it again.
  await twice(page, button(third), shows(page.getByRole('dialog')));
  await becomes(() => page.getByRole('dialog').count(), 1);
});
