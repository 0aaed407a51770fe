// A reply that failed: what it failed of stays, also when others follow and when the page is loaded again.

import assert from 'node:assert/strict';

import { accessible, answered, becomes, call, run, say, shot } from './browser.mjs';

await run('failures', async (browser) => {
  browser.allow(/502|429/);
  const page = await browser.page();
  await say(page, 'It goes wrong [fail]');
  const failure = page.getByRole('group', { name: 'The reply failed' });
  await failure.getByRole('button', { name: 'Try again' }).waitFor();
  const reason = await failure.locator('p').first().innerText();
  assert.ok(reason.length > 10);
  await say(page, 'It goes well [well]');
  await (await answered(page)).getByText('All is well.').waitFor();
  await failure.getByText(reason).waitFor();
  await becomes(() => failure.getByRole('button').count(), 0);
  // Between what was asked and what was asked next.
  const order = () => page.locator('.bubble, [aria-label="The reply failed"]').evaluateAll((all) => all.map((one) => (one.matches('.bubble') ? one.textContent : 'failed')));
  await becomes(order, ['It goes wrong [fail]', 'failed', 'It goes well [well]']);
  await page.reload();
  await failure.getByText(reason).waitFor();
  await becomes(order, ['It goes wrong [fail]', 'failed', 'It goes well [well]']);
  await shot(page, 'failures-1-stays');
  // Nobody is at its address.
  await call('PATCH', `/conversations/${new URL(page.url()).pathname.split('/')[2]}`, { model: 'gone:fake' });
  await say(page, 'Is anybody there?');
  await failure.getByText('The model does not answer at the moment. Your message is kept.').waitFor();
  await becomes(() => failure.getByText(/could not be reached/).isVisible(), false);
  await failure.getByText('Details').click();
  await failure.getByText(/could not be reached/).waitFor();
  await shot(page, 'failures-2-away');
  await accessible(page, 'a reply that failed, and one that did not');
});
