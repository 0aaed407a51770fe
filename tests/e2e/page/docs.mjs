// The page /docs: every operation that the daemon describes, readable, findable, and without barriers.

import assert from 'node:assert/strict';

import { accessible, base, becomes, run, shot } from './browser.mjs';

const description = await (await fetch(`${base}/openapi.json`)).json();
const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));

async function fitsWidth(page) {
  const wide = await page.evaluate(() => {
    const whole = document.querySelector('.docs');
    return whole.scrollWidth - whole.clientWidth;
  });
  assert.equal(wide, 0, 'the page is wider than the window');
}

await run('docs', async (browser) => {
  for (const [theme, size] of [['light', 'desk'], ['dark', 'desk'], ['dark', 'phone']]) {
    const page = await browser.page({ theme, size, path: '/docs' });
    const lines = page.locator('.docs-line');
    await lines.first().waitFor();
    await becomes(() => lines.count(), operations.length);
    await shot(page, `docs-${theme}-${size}`);
    await fitsWidth(page);

    // By keyboard alone: "/" leads to the field, Tab to what was found, Enter opens it.
    await page.keyboard.press('/');
    await page.keyboard.type('archive conversation');
    await page.getByText('2 operations', { exact: true }).waitFor();
    await page.locator('#archiveConversation .docs-line').focus();
    await page.keyboard.press('Enter');
    await page.locator('#archiveConversation').getByText('needs the scope').waitFor();
    await accessible(page, `what was found, ${theme}, ${size}`);
    await page.getByRole('searchbox').fill('no such words');
    await page.getByText('Nothing has these words.').waitFor();
    await page.getByRole('searchbox').fill('');

    // The address leads to an operation.
    await page.goto(`${base}/docs#chat`);
    const chat = page.locator('#chat');
    await chat.getByText('ChatRequest').click();
    await chat.getByText('attachments', { exact: true }).first().waitFor();
    await chat.getByText('turn.completed', { exact: true }).waitFor();
    await chat.scrollIntoViewIfNeeded();
    await shot(page, `docs-${theme}-${size}-chat`);
    await accessible(page, `chat, ${theme}, ${size}`);
    await fitsWidth(page);
    await page.context().close();
  }

  // Every one opens, and nothing in it is left blank or wider than the window.
  const page = await browser.page({ size: 'phone', path: '/docs' });
  await page.locator('.docs-line').first().waitFor();
  await page.evaluate(() => document.querySelectorAll('.docs-line').forEach((line) => line.click()));
  await becomes(() => page.locator('.docs-body').count(), operations.length);
  await page.evaluate(() => document.querySelectorAll('.docs details').forEach((one) => { one.open = true; }));
  await fitsWidth(page);
  await accessible(page, 'everything open');
});
