// What is typed and attached stays while one looks at other views, whatever arrives meanwhile.

import assert from 'node:assert/strict';

import { answered, becomes, keptLarge, run, say, shot, until } from './browser.mjs';

await run('drafts', async (browser) => {
  const page = await browser.page();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  const attached = page.getByRole('list', { name: 'Attachments' });
  const link = (name) => page.getByRole('navigation').getByRole('link', { name }).first();
  const elsewhereAndBack = async (back) => {
    await link('Documents').click();
    await page.locator('.documents-view').waitFor();
    await back();
    await field.waitFor();
  };
  const uploaded = [];
  const slowly = async (name) => {
    const gate = Promise.withResolvers();
    await page.route(`**/artifacts?name=${name}`, async (route) => {
      await gate.promise;
      await route.continue();
    });
    await page.setInputFiles('.composer input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from(`Grains of ${name}.`.repeat(1000)) });
    await attached.getByText(name).waitFor();
    uploaded.push(name);
    return gate.resolve;
  };
  await say(page, 'list algorithms');
  await answered(page);

  // The Enter that ends a word of an input method sends nothing; Safari tells of it by its code alone.
  await field.fill('にほん');
  for (const told of [{ isComposing: true }, { keyCode: 229 }])
    assert.ok(await field.evaluate((element, more) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more })), told));
  assert.equal(await field.inputValue(), 'にほん');

  const finish = await slowly('slow.txt');
  await field.fill('first words');
  await elsewhereAndBack(() => page.goBack());
  await attached.getByText('slow.txt').waitFor();
  await becomes(() => field.inputValue(), 'first words');
  await field.fill('second words');
  finish();
  await attached.getByRole('progressbar').waitFor({ state: 'detached' });
  await elsewhereAndBack(() => page.goBack());
  await becomes(() => field.inputValue(), 'second words');
  await attached.getByText('slow.txt').waitFor();
  await shot(page, 'drafts-1-back');

  // It arrives while one is elsewhere, and stands there after a reload.
  const finishLate = await slowly('late.txt');
  const chat = page.url();
  await link('New chat').click();
  await attached.waitFor({ state: 'detached' });
  await becomes(() => field.inputValue(), '');
  await field.fill('something new');
  const late = page.waitForResponse(/artifacts\?name=late\.txt/);
  finishLate();
  await late;
  await page.waitForFunction(() => Object.values({ ...sessionStorage }).some((kept) => kept.includes('late.txt')));
  await becomes(() => field.inputValue(), 'something new');
  await page.goto(chat);
  await attached.getByText('late.txt').waitFor();
  await becomes(() => field.inputValue(), 'second words');
  await page.keyboard.press('Enter');
  const sent = page.locator('.said').last();
  for (const name of uploaded) await sent.getByText(name).first().waitFor();
  await answered(page);
  // One line for each file, whatever is in it; pressed, it opens.
  const chips = sent.getByRole('list', { name: 'Sent with the message' }).getByRole('button');
  await becomes(() => chips.count(), uploaded.length);
  assert.ok((await chips.first().boundingBox()).height < 60);
  await chips.filter({ hasText: 'late.txt' }).click();
  await page.getByRole('dialog').getByText('late.txt').first().waitFor();
  await page.keyboard.press('Escape');
  await until(async () => (await field.inputValue()) === '' && (await attached.count()) === 0, 'the composer is empty');
  await link('New chat').click();
  await becomes(() => field.inputValue(), 'something new');

  // Why nothing was sent is said as long as it is so.
  const refuse = Promise.withResolvers();
  browser.allow(/status of 4/);
  await page.route('**/artifacts?name=refused.txt', async (route) => {
    await refuse.promise;
    await route.fulfill({ status: 429, json: { error: { code: 'quota_exceeded', message: 'You have stored as much as you may.' } } });
  });
  await page.setInputFiles('.composer input[type=file]', { name: 'refused.txt', mimeType: 'text/plain', buffer: Buffer.from('Grains.') });
  await attached.getByText('refused.txt').waitFor();
  await field.focus();
  await page.keyboard.press('Enter');
  const hint = page.locator('.composer').getByText('Wait until the attachments are uploaded');
  await hint.waitFor();
  refuse.resolve();
  await attached.getByText('You have stored as much as you may.').waitFor();
  await hint.waitFor({ state: 'detached' });
  assert.equal(await field.inputValue(), 'something new');
  await attached.getByRole('button', { name: 'Remove refused.txt' }).click();

  // So does a message that is being said differently, also across a turn that somebody sends meanwhile.
  await page.goto(chat);
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  await page.locator('.said', { hasText: 'list algorithms' }).hover();
  await page.getByRole('button', { name: 'Edit and send again' }).first().click();
  await editor.fill('list my jobs');
  await elsewhereAndBack(() => page.goBack());
  await becomes(() => editor.inputValue(), 'list my jobs');
  await page.reload();
  await becomes(() => editor.inputValue(), 'list my jobs');
  await say(page, 'list my simulations');
  await answered(page);
  await becomes(() => editor.inputValue(), 'list my jobs');
  await shot(page, 'drafts-2-editing');
  await editor.press('Enter');
  await page.locator('.bubble').getByText('list my jobs', { exact: true }).waitFor();
  await answered(page);
  await becomes(() => page.locator('.bubble').count(), 1);
  await page.reload();
  await page.locator('.bubble').waitFor();
  await becomes(() => editor.count(), 0);

  // What is not to be sent after all goes back to where it was typed, and what it would have replaced stands there again.
  browser.allow(/ERR_CONNECTION_REFUSED/);
  const away = (route) => route.abort('connectionrefused');
  for (const path of ['**/chat', '**/regenerate', '**/livez']) await page.route(path, away);
  const doNotSend = async () => {
    await page.getByRole('button', { name: 'Do not send' }).click();
    await page.getByRole('button', { name: 'Do not send' }).waitFor({ state: 'detached' });
  };
  await page.getByRole('button', { name: 'Answer again' }).click();
  await doNotSend();
  await becomes(() => page.locator('.turn').count(), 1);
  await page.locator('.said').hover();
  await page.getByRole('button', { name: 'Edit and send again' }).click();
  await editor.fill('list my artifacts');
  await editor.press('Enter');
  await doNotSend();
  await becomes(() => editor.inputValue(), 'list my artifacts');
  await becomes(() => page.locator('.turn').count(), 1);
  await becomes(() => field.inputValue(), '');
  await page.unrouteAll();
  await editor.press('Enter');
  await page.locator('.bubble').getByText('list my artifacts', { exact: true }).waitFor();
  await answered(page);
  await becomes(() => page.locator('.bubble').count(), 1);

  // What is refused makes room for what is said next, and is not lost.
  const long = 'word '.repeat(80_000);
  await field.fill(long);
  await field.press('Enter');
  await page.getByRole('article', { name: 'You, not sent' }).waitFor();
  await becomes(() => field.inputValue(), '');
  // The store for what is large may take its time: whoever loads the page again meanwhile has kept it all the same.
  await page.evaluate(() => {
    IDBFactory.prototype.open = () => ({});
  });
  await say(page, 'list algorithms');
  await answered(page);
  await page.getByRole('article', { name: 'You, not sent' }).waitFor({ state: 'detached' });
  await becomes(() => field.inputValue(), long);
  await page.reload();
  await field.waitFor();
  await becomes(() => field.inputValue(), long);

  // Two messages that were said differently and refused: the text of each is where it was typed, or where it can be seen.
  await field.fill('');
  await say(page, 'list my jobs');
  await answered(page);
  const refuseNext = async () => {
    await page.route('**/chat', (route) => route.fulfill({ status: 429, json: { error: { code: 'rate_limited', message: 'Not so many.' } } }), { times: 1 });
  };
  const said = (words) => page.locator('.said:not(:has(.not-sent))', { hasText: words });
  const sayDifferently = async (words, changed) => {
    await said(words).hover();
    await said(words).getByRole('button', { name: 'Edit and send again' }).click();
    await editor.fill(changed);
    await refuseNext();
    await editor.press('Enter');
    await page.getByRole('article', { name: 'You, not sent' }).getByText(changed).waitFor();
  };
  await sayDifferently('list algorithms', 'the first, differently');
  await sayDifferently('list my jobs', 'the last, differently');
  const editing = (text) => until(async () => (await editor.count()) === 1 && (await editor.inputValue()) === text, `the editor has “${text}”`);
  await editing('the first, differently');
  await shot(page, 'drafts-3-two-edits');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await editing('the last, differently');
  await page.getByRole('button', { name: 'Cancel' }).click();
  // What stands behind a message that is said differently goes: what it was to be is the composer's then.
  await sayDifferently('list my jobs', 'the last, once more');
  await sayDifferently('list algorithms', 'the first, once more');
  await becomes(() => field.inputValue(), 'the last, once more');
  await page.getByRole('article', { name: 'You, not sent' }).getByText('the first, once more').waitFor();

  // A text that the tab's own store has no room for.
  const huge = 'word '.repeat(200_000);
  const isKept = () => page.waitForFunction(() => (sessionStorage.getItem('assistd.large') ?? '').includes('unsent'));
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await editing('the first, once more');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await field.fill(huge);
  await field.press('Enter');
  await page.getByRole('article', { name: 'You, not sent' }).waitFor();
  await isKept();
  await page.reload();
  await page.getByRole('article', { name: 'You, not sent' }).waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await until(async () => (await field.inputValue()) === huge, 'the whole text is in the composer');
  await page.waitForFunction(() => (sessionStorage.getItem('assistd.large') ?? '').includes('draft'));
  await page.reload();
  await field.waitFor();
  await until(async () => (await field.inputValue()) === huge, 'the whole text is in the composer');
  // It goes with the text.
  await field.fill('');
  await page.waitForFunction(() => sessionStorage.getItem('assistd.large') === null);
  await becomes(() => keptLarge(page), 0);

  // Where the browser keeps nothing of the kind, that is said before it is lost.
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The test forbids it.', 'SecurityError');
    };
  });
  await page.reload();
  await field.fill('word '.repeat(1_100_000));
  await page.getByText('The browser has no room to keep this text').waitFor();
  const asked = page.waitForEvent('dialog');
  page.on('dialog', (dialog) => dialog.accept());
  await Promise.all([page.reload(), asked.then((dialog) => assert.equal(dialog.type(), 'beforeunload'))]);
});
