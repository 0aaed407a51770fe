// Whoever may only read is offered nothing that he may not do.

import { accessible, ask, becomes, run, shot } from './browser.mjs';

const readsOnly = 'You may read here, but not write.';

await run('reader', async (browser) => {
  browser.allow(/401/);
  const page = await browser.page();
  await page.getByRole('button', { name: 'Use an API key' }).click();
  await page.getByLabel('API key').fill(await ask('key'));
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText(readsOnly).waitFor();
  await becomes(() => page.getByRole('textbox', { name: 'Message', exact: true }).count(), 0);
  await becomes(() => page.getByRole('list', { name: 'Examples' }).count(), 0);
  await shot(page, 'reader-1-new');
  await accessible(page, 'a new chat of a reader');

  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').first().click();
  await page.getByText('I was here before').first().waitFor();
  await page.getByText(readsOnly).waitFor();
  for (const name of [/^What to do with/, 'Edit and send again', 'Answer again', 'A good reply'])
    await becomes(() => page.getByRole('button', { name }).count(), 0);
  await shot(page, 'reader-2-conversation');

  await page.getByRole('link', { name: 'Documents' }).click();
  await page.getByText('there.txt').waitFor();
  await page.getByText(readsOnly).waitFor();
  for (const name of ['Choose files', 'Delete there.txt']) await becomes(() => page.getByRole('button', { name }).count(), 0);
  await shot(page, 'reader-3-documents');
});
