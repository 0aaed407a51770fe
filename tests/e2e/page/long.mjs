// A long conversation: its end is there first, what stands above it soon after; and whoever comes back to it reads on where
// he was.

import assert from 'node:assert/strict';

import { answered, base, becomes, run, shot, until } from './browser.mjs';

const count = 160;
const loadedAtOnce = 100;

async function told(path, body) {
  const reply = await fetch(base + path, { method: 'POST', body: JSON.stringify(body) });
  assert.ok(reply.ok, `${path}: ${reply.status}`);
  return reply.json();
}

// By the door that takes replies, too.
async function conversation(name) {
  const { id } = await told('/v1/threads', {});
  for (let i = 0; i < count; ++i)
    await told(`/v1/threads/${id}/messages`, { role: i % 2 ? 'assistant' : 'user', content: i % 2 ? `Reply ${i}.\n\nIt has\n\nsome lines.` : `${name}, question ${i}` });
}

await run('long', async (browser) => {
  await conversation('The long one');
  const page = await browser.page();
  const row = page.getByRole('link', { name: 'The long one, question 0' });
  await row.waitFor();

  // How much is drawn each time something is.
  await page.evaluate(() => {
    globalThis.drawn = [];
    new MutationObserver(() => {
      const entries = document.querySelectorAll('.messages [data-entry]').length;
      if (entries > 0 && globalThis.drawn.at(-1) !== entries) globalThis.drawn.push(entries);
    }).observe(document.body, { childList: true, subtree: true });
  });
  await row.click();
  await page.getByText(`Reply ${count - 1}.`).waitFor();
  const entries = page.locator('.messages [data-entry]');
  await until(async () => (await entries.count()) >= loadedAtOnce, 'what stands above the end');
  const first = await page.evaluate(() => globalThis.drawn[0]);
  assert.ok(first < loadedAtOnce / 2, `${first} entries are drawn before the first of them is seen`);
  const messages = page.locator('.messages');
  const fromEnd = () => messages.evaluate((box) => Math.round(box.scrollHeight - box.clientHeight - box.scrollTop));
  await becomes(fromEnd, 0);
  await shot(page, 'long-1-end');

  // Older ones come above without moving what is read.
  await messages.evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  const place = () => messages.evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    const top = [...box.querySelectorAll('[data-entry]')].find((one) => one.getBoundingClientRect().bottom > edge);
    return [top.textContent.slice(0, 30), Math.round(top.getBoundingClientRect().top - edge)];
  });
  const left = await place();
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await row.click();
  await entries.first().waitFor();
  await becomes(place, left);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await becomes(fromEnd, 0);

  // Over a slow network: what it is called is known from the list, and that the rest is on its way is said.
  await page.goto(base);
  await row.waitFor();
  let letThrough;
  const held = new Promise((resolve) => (letThrough = resolve));
  await page.route(/\/conversations(\/conv_\w+)?$/, (route) => held.then(() => route.continue()));
  await row.click();
  await page.getByRole('heading', { name: 'The long one, question 0' }).waitFor();
  await page.locator('.messages-frame').getByText('Loading …').waitFor();
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello');
  await page.keyboard.press('Enter');
  await page.getByText('Sending …').waitFor();
  await shot(page, 'long-2-slow');
  letThrough();
  await (await answered(page)).getByText('Hello!').waitFor();
});
