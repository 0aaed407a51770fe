// The same conversation in two windows: what is said in one is seen in the other, while it is answered too.

import { accessible, answered, ask, becomes, run, say, shot } from './browser.mjs';

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

  // One that does not know yet of the other's reply: what is said there waits, and says what for.
  await other.route('**/api/v1/ai/conversations?*', () => undefined);
  await ask('script', 'waiting');
  await say(one, 'A third time [waiting]');
  await one.getByText('The one before').waitFor();
  await say(other, 'A fourth time [after]');
  const waiting = other.getByText('Waits for the reply before it, which is still being made.');
  await waiting.waitFor();
  await other.locator('.bubble').getByText('A third time').waitFor();
  await accessible(other, 'a message that waits for the reply before it');
  await shot(other, 'windows-2-waiting');
  await other.getByRole('button', { name: 'Do not send' }).click();
  await becomes(() => other.getByRole('textbox', { name: 'Message', exact: true }).inputValue(), 'A fourth time [after]');
  await say(other, 'A fourth time [after]');
  await waiting.waitFor();
  await ask('open', 'waiting');
  await other.unrouteAll({ behavior: 'ignoreErrors' });
  await (await answered(other)).getByText('The one after.').waitFor();
  await becomes(() => waiting.count(), 0);
  await becomes(() => other.locator('.bubble, .turn .markdown').allInnerTexts().then((all) => all.slice(-4).map((text) => text.trim())), [
    'A third time [waiting]', 'The one before it is there.', 'A fourth time [after]', 'The one after.',
  ]);
});
