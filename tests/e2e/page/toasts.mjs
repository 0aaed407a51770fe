// What the page says at its edge does not stand in the way; files that are dropped where none are taken do nothing.

import assert from 'node:assert/strict';

import { run, shot } from './browser.mjs';

await run('toasts', async (browser) => {
  const page = await browser.page();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  const alerts = page.getByRole('region', { name: 'Messages of the page' }).getByRole('alert');
  browser.allow(/ERR_CONNECTION_REFUSED/);
  const away = (route) => route.abort('connectionrefused');
  for (const path of ['**/conversations', '**/livez']) await page.route(path, away);
  await field.fill('Said to nobody');
  const box = async (locator) => (await locator.boundingBox()) ?? assert.fail('nothing is there');
  for (let times = 0; times < 2; ++times) {
    await page.keyboard.press('Enter');
    await alerts.waitFor();
  }
  assert.equal(await alerts.count(), 1, 'the same is said once');
  const said = await box(alerts);
  assert.ok(said.y + said.height <= (await box(page.locator('.composer'))).y, 'the composer is covered');
  assert.equal(await field.inputValue(), 'Said to nobody');
  await shot(page, 'toasts-1-away');
  await page.unrouteAll();
  await alerts.waitFor({ state: 'detached', timeout: 9_000 });

  for (const path of ['/', '/documents', '/artifacts', '/admin']) {
    await page.goto(new URL(path, page.url()).href);
    await page.getByRole('navigation').first().waitFor();
    const taken = await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.txt'));
      const over = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('nav').dispatchEvent(over);
      return over.defaultPrevented;
    });
    assert.ok(taken, `the browser would open the file in the place of ${path}`);
  }
});
