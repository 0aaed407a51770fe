// A study that was begun in the chat is followed there: its progress, its end, and stopping it.

import assert from 'node:assert/strict';

import { accessible, answered, becomes, run, say, shot, until } from './browser.mjs';

await run('studies', async (browser) => {
  const page = await browser.page();
  await say(page, 'study dla with 10 and 400 particles and 3 seeds each');
  await answered(page);
  const card = page.locator('.call', { hasText: 'Begin a study' }).last();
  await card.getByText('6 of 6 done').waitFor();
  await card.getByRole('article').waitFor();
  // What its runs warn of stands where people look at it.
  await card.getByRole('list', { name: 'What its runs warn of' }).getByText(/^\d of 6 runs: \S/).first().waitFor();
  // First what came of it, then the runs, whose long texts are cut to a line.
  const results = card.getByRole('region', { name: 'results' });
  await results.getByRole('cell', { name: /^\d\.\d+ ± \d\.\d+$/ }).first().waitFor();
  assert.deepEqual((await results.getByRole('columnheader').allInnerTexts()).slice(0, 5), ['n_particles', 'runs', 'df', 'kf', 'rg']);
  await card.getByRole('button', { name: 'Table: runs' }).click();
  const runs = card.getByRole('region', { name: 'runs' });
  await becomes(() => runs.locator('tbody tr').count(), 6);
  assert.deepEqual((await runs.getByRole('columnheader').allInnerTexts()).slice(0, 6), ['run', 'status', 'n_particles', 'seed', 'df', 'kf']);
  const heights = () => runs.locator('tbody tr').evaluateAll((rows) => [...new Set(rows.map((row) => Math.round(row.getBoundingClientRect().height / 10)))]);
  assert.deepEqual(await heights(), [3], 'one line each');
  const cut = runs.locator('td.is-cut').first();
  await becomes(() => cut.getAttribute('tabindex'), '0');
  await cut.focus();
  await becomes(() => cut.evaluate((one) => one.scrollWidth <= one.clientWidth), true);
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await runs.locator('td.is-cut').nth(1).evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('ArrowUp');
  await shot(page, 'studies-1-done');
  await accessible(page, 'a study whose runs warn');
  // Opened, it tells what it was asked for; what the call gave was how it was when it began.
  await card.getByRole('button', { name: /^Begin a study done: 6 of 6 done$/ }).click();
  await card.getByText('seeds_per_combination').waitFor();
  await becomes(() => card.getByText('"completed": 0').count(), 0);
  await card.getByRole('button', { name: /^Begin a study done/ }).click();
  // It is the work of its runs, not of the tool, which would make something else.
  await card.getByRole('button', { name: 'Open study-1' }).click();
  const table = page.getByRole('dialog', { name: 'study-1' });
  await table.getByText('DLA simulation run_dla_simulation').waitFor();
  await becomes(() => table.getByRole('button', { name: 'Make it again and compare' }).count(), 0);
  await page.keyboard.press('Escape');
  await page.goto(new URL('/admin/studies', page.url()).href);
  await page.getByRole('list', { name: 'Studies' }).getByRole('list', { name: 'What its runs warn of' }).getByText(/^\d of 6 runs: \S/).first().waitFor();
  await shot(page, 'studies-1b-admin');
  await page.goBack();

  await say(page, 'make forty cca clusters of 20000 particles and compare their Df');
  await answered(page);
  await card.getByText(/of 40 done/).waitFor();
  await card.getByRole('progressbar').waitFor();
  await shot(page, 'studies-2-running');
  await accessible(page, 'a study that runs');
  // It is there again after a reload, and can be stopped.
  await page.reload();
  await card.getByRole('button', { name: 'Stop Begin a study' }).click();
  await card.getByText(/^Stopped: /).waitFor();
  await until(async () => (await card.getByRole('progressbar').count()) === 0, 'nothing goes on');
  await card.getByRole('button', { name: 'Run what is missing' }).waitFor();
  await shot(page, 'studies-3-stopped');

  // A tool that is stopped with its reply has not failed, also as it is stored.
  await say(page, 'Run a DLA simulation with 100000 particles');
  const call = page.locator('.turn').last().locator('.call');
  await call.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const stopped = call.getByText('Stopped', { exact: true });
  await stopped.waitFor();
  await shot(page, 'studies-4-stopped-tool');
  await page.reload();
  await stopped.waitFor();
  await call.getByRole('button', { name: /^DLA simulation Stopped$/ }).waitFor();
});
