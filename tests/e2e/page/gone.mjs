// A conversation that is deleted elsewhere while it is open here: that is said, and what was typed goes to a new one.

import { answered, ask, becomes, call, run, say, shot } from './browser.mjs';

await run('gone', async (browser) => {
  browser.allow(/404/);
  const page = await browser.page();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  const idOf = () => new URL(page.url()).pathname.split('/')[2];
  const gone = page.getByText('This conversation is deleted.', { exact: true });

  // Something is typed, and something else deletes it.
  await say(page, 'First [one]');
  await answered(page);
  await field.fill('What comes [two]');
  const first = idOf();
  await call('DELETE', `/conversations/${first}`);
  await gone.first().waitFor();
  await shot(page, 'gone-1-typed');
  await page.getByRole('button', { name: 'Send it in a new chat' }).click();
  await page.locator('.bubble').getByText('What comes [two]').waitFor();
  await (await answered(page)).getByText('Two.').waitFor();
  await becomes(() => idOf() === first, false);
  await becomes(() => field.inputValue(), '');

  // Sent before the page knows.
  await page.route('**/conversations?*', (route) => route.abort());
  browser.allow(/ERR_FAILED/);
  await call('DELETE', `/conversations/${idOf()}`);
  await field.fill('And then [three]');
  await page.keyboard.press('Enter');
  await gone.first().waitFor();
  await page.unroute('**/conversations?*');
  await page.getByRole('button', { name: 'Send it in a new chat' }).click();
  await (await answered(page)).getByText('Three.').waitFor();

  // In the middle of a reply.
  await say(page, 'A long one [long]');
  await page.getByText('It is long').waitFor();
  await call('DELETE', `/conversations/${idOf()}`);
  await gone.first().waitFor();
  await shot(page, 'gone-2-replying');
  await ask('open', 'long');
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
});
