// A reply that is stopped, one across the daemon's death, one across a reload of the page: what was said stands there
// once, and the page goes on by itself.

import { answered, ask, becomes, run, say, shot, until } from './browser.mjs';

// How often the words stand on the page.
const times = async (page, words) => (await page.locator('.messages').innerText()).split(words).length - 1;

await run('returns', async (browser) => {
  const page = await browser.page();

  await ask('script', 'stopping');
  await say(page, 'Say something long [stopping]');
  await page.getByText('Once upon a time').waitFor();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill('too early');
  await page.keyboard.press('Enter');
  await page.locator('.composer').getByText('Wait until the reply has ended').waitFor();
  await becomes(() => field.inputValue(), 'too early');
  await field.fill('');
  await shot(page, 'returns-1-streaming');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const stopped = await answered(page);
  await stopped.getByText(/Stopped\.|it was cancelled\./).first().waitFor();
  await becomes(() => times(page, 'Once upon a time'), 1);
  await ask('open', 'stopping');
  await shot(page, 'returns-2-stopped');

  await ask('script', 'dying');
  await say(page, 'And now something else [dying]');
  await page.getByText('The first half,').waitFor();
  browser.allow(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  await ask('kill');
  await page.getByText('assistd does not answer.').first().waitFor();
  await page.getByRole('textbox', { name: 'Message' }).fill('typed while it is away');
  await shot(page, 'returns-3-away');
  await ask('restart');
  await page.getByText('assistd does not answer.').first().waitFor({ state: 'detached' });
  const finished = await answered(page);
  await finished.getByText('The first half, and the second.').waitFor();
  await becomes(() => times(page, 'The first half,'), 1);
  await becomes(() => page.getByRole('textbox', { name: 'Message' }).inputValue(), 'typed while it is away');
  await shot(page, 'returns-4-back');

  await ask('script', 'reloading');
  await say(page, 'A third time [reloading]');
  await page.getByText('Before the reload').waitFor();
  await page.reload();
  await page.getByText('Before the reload').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await ask('open', 'reloading');
  const whole = await answered(page);
  await whole.getByText('Before the reload and after it.').waitFor();
  await becomes(() => times(page, 'Before the reload'), 1);

  // Said while nobody answers: sent once when somebody does.
  await ask('kill');
  await say(page, 'Said into the dark [dark]');
  await page.getByText(/Not sent yet|does not answer/).first().waitFor();
  await shot(page, 'returns-5-not-sent');
  await ask('script', 'dark');
  await ask('restart');
  const light = await answered(page);
  await light.getByText('There is light.').waitFor();
  await until(async () => (await ask('requests', '[dark]')) === 1, 'one request for the message');
  await becomes(() => page.locator('.bubble').filter({ hasText: 'Said into the dark' }).count(), 1);
});
