// Searching in what was said: the hit's words are shown, and the conversation opens where they stand.

import assert from 'node:assert/strict';

import { accessible, answered, base, becomes, call, run, say, shot, until } from './browser.mjs';

const count = 400;
const at = 36;

// By another door, which gives it no title.
async function longConversation() {
  const messages = Array.from({ length: count }, (_, i) => ({
    role: i % 2 ? 'assistant' : 'user',
    content: i === at ? 'Where does the zirconia needle lie? It was said to be here, in the past.' : `Message number ${i} of a long talk about **clusters**.`,
  }));
  const reply = await fetch(`${base}/v1/threads`, { method: 'POST', body: JSON.stringify({ messages: messages.slice(0, 20) }) });
  assert.ok(reply.ok, await reply.clone().text());
  const { id } = await reply.json();
  for (const message of messages.slice(20)) {
    const added = await fetch(`${base}/v1/threads/${id}/messages`, { method: 'POST', body: JSON.stringify(message) });
    assert.ok(added.ok, await added.clone().text());
  }
}

const isInSight = (locator) =>
  locator.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const frame = document.querySelector('.messages').getBoundingClientRect();
    return box.top >= frame.top && box.bottom <= frame.bottom;
  });

await run('found', async (browser) => {
  await longConversation();
  const page = await browser.page();
  const row = page.locator('.side-rows').getByRole('link');
  // What was said first names it, not what was said last.
  await row.getByText('Message number 0 of a long talk').waitFor();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('zircon');
  await row.locator('mark').getByText('zirconia').waitFor();
  await shot(page, 'found-1-hits');
  await row.click();
  const found = page.locator('.is-found');
  await found.getByText('zirconia needle').waitFor();
  await until(() => isInSight(found), 'the hit is in sight');
  await becomes(() => page.getByText(`Message number ${count - 1} of`).count(), 0); // the newest messages are not drawn
  await shot(page, 'found-2-there');
  await accessible(page, 'a conversation that a search has opened');

  // Another window says something: what is read stays where it is.
  const [{ id }] = (await call('GET', '/conversations?limit=1')).conversations;
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.reload();
  await found.getByText('zirconia needle').waitFor();
  await until(() => isInSight(found), 'the hit is in sight after a reload');

  // Downwards to the end, piece by piece, without a jump.
  const list = page.getByRole('region', { name: 'Messages', exact: true });
  let seen = 0;
  await until(async () => {
    await list.evaluate((box) => (box.scrollTop += box.clientHeight));
    const numbers = await page.locator('.messages').evaluate((box) =>
      [...box.querySelectorAll('[data-message]')]
        .filter((one) => one.getBoundingClientRect().top < box.getBoundingClientRect().bottom)
        .map((one) => Number(/number (\d+)/.exec(one.textContent)?.[1] ?? 0)));
    const last = Math.max(...numbers);
    assert.ok(last - seen < 60, `from ${seen} to ${last} at once`);
    seen = Math.max(seen, last);
    return last === count - 1;
  }, 'the end is reached');

  // Back to the hit, and from there to the newest by the button, and by saying something.
  await page.goto(`${base}/c/${id}`);
  await page.getByText(`Message number ${count - 1} of`).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('zircon');
  await row.locator('mark').waitFor();
  await row.click();
  await found.waitFor();
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await page.getByText(`Message number ${count - 1} of`).waitFor();
  await until(() => list.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 4), 'it is at its end');

  await row.click();
  await found.waitFor();
  await until(() => isInSight(found), 'the hit is in sight again');
  await say(page, 'what can you do');
  await answered(page);
  await page.getByText(`Message number ${count - 1} of`).first().waitFor({ state: 'attached' });

  // From far up, where what was passed is no longer drawn, to a hit that is farther up.
  await page.reload();
  await page.getByText(`Message number ${count - 1} of`).waitFor();
  await until(async () => {
    await list.evaluate((box) => (box.scrollTop -= 600));
    return (await page.getByText('Message number 120 of').count()) > 0;
  }, 'far up');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('zircon');
  await row.locator('mark').waitFor();
  await row.click();
  await found.waitFor();
  await until(() => isInSight(found), 'the hit is in sight from far up');
  await becomes(() => page.getByRole('button', { name: 'New messages' }).count(), 0);
  await shot(page, 'found-3-from-far-up');
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await page.locator('.bubble', { hasText: 'what can you do' }).waitFor();

  // A message that is not there: a sentence, and the conversation.
  await page.goto(`${base}/c/${id}#msg_01a1fd9f64207001b5d4603457b00ed8`);
  await page.getByText('is no longer part of this conversation').waitFor();
  await page.locator('.bubble', { hasText: 'what can you do' }).waitFor();
});
