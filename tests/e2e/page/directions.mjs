// Text that is read from the right stands on the right, code stays as it is; and where the system takes the colours away, what
// is chosen is still seen.

import assert from 'node:assert/strict';

import { answered, becomes, run, say, shot } from './browser.mjs';

const direction = (locator) => locator.first().evaluate((element) => getComputedStyle(element).direction);

await run('directions', async (browser) => {
  const page = await browser.page();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill('ما هو البعد الكسري؟ [rtl]');
  assert.equal(await direction(field), 'rtl');
  await say(page, 'ما هو البعد الكسري؟ [rtl]');
  const turn = await answered(page);
  for (const what of ['p', 'li', 'h3', 'th', 'td']) assert.equal(await direction(turn.locator(`.markdown ${what}`)), 'rtl', what);
  assert.equal(await direction(turn.locator('pre')), 'ltr');
  assert.equal(await direction(page.locator('.bubble')), 'rtl');
  await becomes(() => direction(page.locator('.head-title')), 'rtl');
  await becomes(() => direction(page.locator('.side-row-title')), 'rtl');
  assert.equal(await direction(turn.locator('p', { hasText: 'In English' })), 'ltr');
  await shot(page, 'directions-1-rtl');

  await page.emulateMedia({ forcedColors: 'active' });
  const isSeen = (locator) => locator.first().evaluate((element) => getComputedStyle(element).outlineStyle === 'solid');
  assert.ok(await isSeen(page.locator('.side-row-link[aria-current]')), 'the open conversation');
  await page.getByRole('link', { name: 'Administration' }).click();
  const tab = page.getByRole('main').locator('[aria-current=page]');
  await tab.waitFor();
  assert.ok(await isSeen(tab), 'the tab');
  await shot(page, 'directions-2-forced-colours');
});
