// A reply that is stopped, one across the daemon's death, one across a reload of the page, an upload across the daemon's
// death: what was said stands there once, and the page goes on by itself.

import assert from 'node:assert/strict';

import { answered, ask, becomes, call, run, say, shot, until } from './browser.mjs';

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

  // A file whose upload the daemon's death cuts off is uploaded when it is back, and nothing else has to be done.
  const size = 3_000_000;
  const network = await page.context().newCDPSession(page);
  const send = (bytesPerSecond) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });
  await network.send('Network.enable');
  await send(100_000);
  await page.setInputFiles('.composer input[type=file]', { name: 'grains.txt', mimeType: 'text/plain', buffer: Buffer.alloc(size, 'grain ') });
  const attached = page.getByRole('list', { name: 'Attachments' });
  await until(async () => (await attached.getByRole('progressbar').getAttribute('value')) > 0, 'a part of the file is on its way');
  await field.fill('And what is in the file?');
  await page.keyboard.press('Enter');
  const hint = page.locator('.composer').getByText('Wait until the attachments are uploaded');
  await hint.waitFor();
  await ask('kill');
  await attached.getByText('goes on by itself').waitFor();
  await shot(page, 'returns-6-upload-lost');
  await send(-1);
  await ask('restart');
  await page.locator('.composer').getByRole('button', { name: 'Send' }).and(page.locator(':enabled')).waitFor();
  await hint.waitFor({ state: 'detached' });
  await becomes(() => attached.getByText('goes on by itself').count(), 0);
  assert.equal(await field.inputValue(), 'And what is in the file?');
  const { artifacts } = await call('GET', '/artifacts');
  assert.deepEqual(artifacts.map((one) => [one.name, one.size]), [['grains.txt', size]]);
});
