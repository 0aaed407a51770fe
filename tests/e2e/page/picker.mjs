// Many models are looked through by what is typed; and what is proposed to say is put into the composer.

import assert from 'node:assert/strict';

import { accessible, answered, becomes, run, say, shot } from './browser.mjs';

await run('picker', async (browser) => {
  const page = await browser.page();
  await page.getByRole('button', { name: /^Model:/ }).click();
  const filter = page.getByRole('searchbox', { name: /^Filter: Model/ });
  await becomes(() => filter.evaluate((field) => field === document.activeElement), true);
  assert.ok((await page.getByRole('menuitemradio').count()) > 20);
  await page.keyboard.type('instr 17');
  await becomes(() => page.getByRole('menuitemradio').count(), 1);
  await shot(page, 'picker-1-filtered');
  await accessible(page, 'a picker with a filter');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Model: main:instructed-17' }).waitFor();
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.keyboard.type('zzz');
  await page.getByText('Nothing fits.').waitFor();
  await page.keyboard.press('Escape');
  await filter.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.keyboard.type('offline');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  await say(page, 'flibbertigibbet of the moon');
  const turn = await answered(page);
  const proposed = turn.locator('.saying').first();
  const words = (await proposed.innerText()).replaceAll(/[“”]/g, '');
  await proposed.click();
  await becomes(() => page.getByRole('textbox', { name: 'Message', exact: true }).inputValue(), words);
  await shot(page, 'picker-2-proposed');
  await accessible(page, 'what is proposed');
});
