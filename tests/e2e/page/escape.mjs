// Escape in a field is about that field; the reply is stopped from the composer, or from nowhere in particular. And whoever
// scrolls up while a reply streams stays where he is.

import assert from 'node:assert/strict';

import { answered, ask, becomes, run, say, shot, until } from './browser.mjs';

await run('escape', async (browser) => {
  const page = await browser.page();
  const search = page.getByRole('combobox', { name: 'Search conversations' });
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  const list = page.getByRole('region', { name: 'Messages', exact: true });
  const fromEnd = () => list.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);

  await say(page, 'Tell me a tale [tale]');
  await page.getByText('Line 60').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('needle');
  await page.keyboard.press('Escape');
  await becomes(() => search.inputValue(), '');
  await page.keyboard.press('Escape');
  await becomes(() => search.evaluate((field) => field === document.activeElement), false);
  assert.ok(await stop.isEnabled(), 'the reply goes on');

  // A little is as good as much: what comes then does not take it back.
  await list.hover();
  await until(async () => (await fromEnd()) < 2, 'the end is in sight');
  await page.mouse.wheel(0, -40);
  await until(async () => (await fromEnd()) > 30, 'scrolled up');
  const top = await list.evaluate((box) => box.scrollTop);
  await ask('open', 'tale');
  await page.getByText('Line 90').waitFor();
  await until(async () => (await fromEnd()) > 200, 'more stands below');
  assert.ok(Math.abs((await list.evaluate((box) => box.scrollTop)) - top) < 2, 'what is read stays where it is');
  await shot(page, 'escape-1-read');
  // At the end it stays there again.
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await ask('open', 'more');
  await page.getByText('Line 120').waitFor();
  await until(async () => (await fromEnd()) < 2, 'it follows again');

  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  await page.keyboard.press('Escape');
  await (await answered(page)).getByText(/Stopped\.|it was cancelled\./).first().waitFor();

  // Whoever comes back to a conversation reads on where it was left.
  const place = () => page.getByText('Line 40', { exact: true }).evaluate((line) => line.getBoundingClientRect().top);
  await page.getByText('Line 40', { exact: true }).evaluate((line) => line.scrollIntoView());
  await list.hover();
  await page.mouse.wheel(0, -100);
  await page.getByRole('button', { name: 'To the newest message' }).waitFor();
  const before = await until(async () => (await place()) > 100 && place(), 'scrolled to the middle');
  const conversation = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('heading', { name: 'Documents' }).waitFor();
  await page.locator(`.side-row a[href="${conversation}"]`).click();
  await page.getByText('Line 40', { exact: true }).waitFor();
  assert.ok(Math.abs((await place()) - before) < 2, `back at ${await place()}, left at ${before}`);
  await page.getByRole('button', { name: 'To the newest message' }).waitFor();
});
