// Where only tokens are let in: nothing is asked for that cannot work, and who comes with a token is in.

import { accessible, ask, becomes, run, shot } from './browser.mjs';

await run('tokens', async (browser) => {
  browser.allow(/401/);
  const page = await browser.page();
  await page.getByRole('alert').getByText(/lets in who comes with a token/).waitFor();
  await becomes(() => page.locator('input, textarea').count(), 0);
  await becomes(() => page.getByRole('button').allInnerTexts(), ['Try again']);
  await shot(page, 'tokens-1-none');
  await accessible(page, 'where only tokens are let in');

  // As a proxy does once one has logged in to it.
  await page.context().setExtraHTTPHeaders({ Authorization: `Bearer ${await ask('token')}` });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  await page.getByText('alice', { exact: true }).waitFor();
});
