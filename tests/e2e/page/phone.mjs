// A phone: everything is reached, nothing is wider than the screen.

import assert from 'node:assert/strict';

import { accessible, answered, run, say, shot } from './browser.mjs';

async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > limit) return ['the page itself'];
    const scrolls = (element) => element && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > limit + 1 && element.checkVisibility() && !scrolls(element.parentElement))
      .map((element) => element.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wide, [], `wider than the screen: ${where}`);
}

await run('phone', async (browser) => {
  const page = await browser.page({ size: 'phone', theme: 'dark' });
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  await fits(page, 'new chat');
  await shot(page, 'phone-1-new');
  await say(page, 'Run a DLA simulation with 300 particles, then analyze it');
  await answered(page);
  await page.getByRole('article', { name: 'simulation simulation-1' }).scrollIntoViewIfNeeded();
  await page.locator('.particles-stage[data-stage=live]').first().waitFor();
  await fits(page, 'a conversation');
  await shot(page, 'phone-2-conversation');
  await accessible(page, 'a conversation on a phone');

  await page.getByRole('button', { name: 'Open simulation-1' }).click();
  const whole = page.getByRole('dialog', { name: 'simulation-1' });
  await whole.locator('.particles-stage[data-stage=live]').waitFor();
  await fits(page, 'an artifact');
  await shot(page, 'phone-3-artifact');
  await whole.getByRole('button', { name: 'Close' }).click();
  await whole.waitFor({ state: 'detached' });

  // Back closes what is open, and leaves nothing else; the address of what is open opens it again.
  const talk = page.url();
  await page.getByRole('button', { name: 'Open simulation-1' }).click();
  await whole.waitFor();
  await page.goBack();
  await whole.waitFor({ state: 'detached' });
  assert.equal(page.url(), talk);
  await page.goForward();
  await whole.waitFor();
  await page.reload();
  await whole.waitFor();
  await whole.getByRole('button', { name: 'Close' }).click();
  await whole.waitFor({ state: 'detached' });
  assert.equal(page.url(), talk);

  await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Documents' }).waitFor();
  await shot(page, 'phone-4-drawer');
  await accessible(page, 'the drawer');
  await page.getByRole('navigation').getByRole('link', { name: 'Documents' }).click();
  await page.getByText('There are no documents yet.').waitFor();
  await fits(page, 'documents');
  await shot(page, 'phone-5-documents');
  for (const section of ['', '/plugins', '/providers', '/jobs', '/studies', '/usage', '/audit']) {
    await page.goto(new URL(`/admin${section}`, page.url()).href);
    await page.waitForLoadState('networkidle');
    await fits(page, `administration${section}`);
    await shot(page, `phone-6-admin${section.replace('/', '-')}`);
  }
});
