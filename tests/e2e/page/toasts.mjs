// What the page says at its edge does not stand in the way; files that are dropped where none are taken do nothing.

import assert from 'node:assert/strict';

import { becomes, nothingIsDoneAfter, run, shot, until } from './browser.mjs';

await run('toasts', async (browser) => {
  const page = await browser.page();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  // An error stays for ten seconds, but goes at once when it is no longer true.
  await nothingIsDoneAfter(page, 10_000);
  const alerts = page.getByRole('region', { name: 'Messages of the page' }).getByRole('alert');
  browser.allow(/ERR_CONNECTION_REFUSED/);
  const away = (route) => route.abort('connectionrefused');
  for (const path of ['**/conversations', '**/livez']) await page.route(path, away);
  await field.fill('Said to nobody');
  for (let times = 0; times < 2; ++times) {
    const failed = page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
    await page.keyboard.press('Enter');
    await failed;
    await alerts.first().waitFor();
  }
  // At one moment: the second takes the place of the first.
  const covered = () =>
    page.evaluate(() => {
      const said = [...document.querySelectorAll('[role=alert]')].map((one) => one.getBoundingClientRect().bottom);
      return said.length === 1 && said[0] > document.querySelector('.composer').getBoundingClientRect().top;
    });
  await until(async () => (await alerts.count()) === 1, 'the same is said once');
  await until(async () => !(await covered()), 'the composer not being covered');
  await becomes(() => field.inputValue(), 'Said to nobody');
  await shot(page, 'toasts-1-away');
  await page.unrouteAll();
  await alerts.waitFor({ state: 'detached' });

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
