// The same conversation in two windows: what is said in one is seen in the other, while it is answered too.

import { answered, ask, run, say, shot } from './browser.mjs';

await run('windows', async (browser) => {
  const one = await browser.page();
  await ask('script', 'stopping');
  await say(one, 'Say something long [stopping]');
  await one.getByText('Once upon a time').waitFor();
  const other = await browser.page({ path: new URL(one.url()).pathname });
  await other.getByText('Once upon a time').waitFor();
  await ask('open', 'stopping');
  for (const page of [one, other]) await (await answered(page)).getByText('Once upon a time there was an end.').waitFor();

  await ask('script', 'reloading');
  await say(one, 'A second time [reloading]');
  await other.locator('.bubble').getByText('A second time').waitFor();
  await other.getByText('Before the reload').waitFor();
  await shot(other, 'windows-1-other');
  await ask('open', 'reloading');
  for (const page of [one, other]) await (await answered(page)).getByText('Before the reload and after it.').waitFor();
});
