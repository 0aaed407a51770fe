// The whole way of somebody new: ask, see tools run, a plot and a cluster in 3-D, add a document, be answered from it.

import assert from 'node:assert/strict';

import { accessible, answered, becomes, run, say, shot, until } from './browser.mjs';
import { turns } from './pixels.mjs';

await run('journey', async (browser) => {
  const page = await browser.page();
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  await page.getByRole('list', { name: 'Examples' }).getByRole('button').first().waitFor();
  await shot(page, 'journey-1-new');

  await say(page, 'Run a DLA simulation with 2000 particles and seed 7, then analyze it and plot it');
  const turn = await answered(page);
  await becomes(() => turn.locator('.call.is-done').count(), 3);
  // What came of it is said once, by the reply; the card tells what the tool was asked for.
  await becomes(() => turn.getByText('Grew a 3-D DLA cluster of 2000 particles').count(), 1);
  const card = turn.locator('.call').first();
  await becomes(() => card.locator('.call-note').innerText(), 'n_particles 2000 · seed 7');
  await card.locator('.call-title').click();
  await becomes(() => card.locator('.call-note').innerText(), '');
  await card.locator('.arguments').getByText('n_particles').waitFor();
  await card.locator('.call-title').click();
  await shot(page, 'journey-2-answered');

  // What was made is opened by its name in the text, too.
  await turn.getByRole('button', { name: 'plot-1', exact: true }).last().click();
  await page.getByRole('dialog', { name: 'plot-1' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const plot = page.getByRole('article', { name: 'plot plot-1' });
  await plot.scrollIntoViewIfNeeded();
  await plot.locator('[data-state=loaded] img').waitFor();
  await until(() => plot.locator('img').evaluate((image) => image.naturalWidth > 100), 'the picture');
  await shot(page, 'journey-3-plot');

  const cluster = page.getByRole('article', { name: 'simulation simulation-1' });
  await cluster.scrollIntoViewIfNeeded();
  await turns(page, cluster);
  assert.match(await cluster.locator('canvas').getAttribute('aria-label'), /simulation-1: Particles 2,000, Df \d/);
  await shot(page, 'journey-4-cluster');
  await accessible(page, 'a conversation with a cluster');

  await page.getByRole('link', { name: 'Documents' }).click();
  await page.getByText('There are no documents yet.').waitFor();
  await page.setInputFiles('input[aria-label^="Files to add"]', {
    name: 'furnace.md', mimeType: 'text/markdown',
    buffer: Buffer.from('# The furnace\n\nThe furnace runs at a temperature of 1300 kelvin under argon.\n'),
  });
  await page.locator('.document[data-status=completed]', { hasText: 'furnace.md' }).waitFor();
  await shot(page, 'journey-5-document');

  await page.getByRole('link', { name: 'New chat' }).click();
  await say(page, 'what do the documents say about the furnace temperature');
  const answer = await answered(page);
  await answer.getByRole('button', { name: /^Source 1: furnace\.md/ }).first().click();
  const passage = page.getByRole('dialog', { name: 'furnace.md' });
  await passage.getByText('1300 kelvin').waitFor();
  const box = await passage.boundingBox();
  assert.ok(Math.abs(box.y + box.height / 2 - page.viewportSize().height / 2) < 2, 'the passage is in the middle of the window');
  await shot(page, 'journey-6-cited');
  await accessible(page, 'a passage');
});
