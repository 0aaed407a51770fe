// What is typed and attached stays while one looks at other views, whatever arrives meanwhile.

import { answered, becomes, run, say, shot, until } from './browser.mjs';

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
    await page.setInputFiles('.composer input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from('Grains.'.repeat(1000)) });
    await attached.getByText(name).waitFor();
    uploaded.push(name);
    return gate.resolve;
  };
  await say(page, 'list algorithms');
  await answered(page);

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
  await until(async () => (await field.inputValue()) === '' && (await attached.count()) === 0, 'the composer is empty');
  await link('New chat').click();
  await becomes(() => field.inputValue(), 'something new');

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
  browser.allow(/status of 4/);
  const long = 'word '.repeat(80_000);
  await field.fill(long);
  await field.press('Enter');
  await page.getByRole('article', { name: 'You, not sent' }).waitFor();
  await becomes(() => field.inputValue(), '');
  await say(page, 'list algorithms');
  await answered(page);
  await page.getByRole('article', { name: 'You, not sent' }).waitFor({ state: 'detached' });
  await becomes(() => field.inputValue(), long);
  await page.reload();
  await field.waitFor();
  await becomes(() => field.inputValue(), long);
});
