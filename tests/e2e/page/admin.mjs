// Administration: what runs is seen and stopped, what was used is drawn, what was done is found.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { accessible, call, run, shot, until } from './browser.mjs';

await run('admin', async (browser) => {
  const conversation = await call('POST', '/conversations', {});
  await call('POST', `/conversations/${conversation.id}/chat`, { content: 'Run a DLA simulation with 60 particles' });
  // Slow since hardly any walker sticks: it is stopped below.
  await call('POST', '/tools/run_dla_simulation/execute', { arguments: { n_particles: 100000, sticking_probability: 0.001 } });
  const study = await call('POST', '/studies', {
    tool: 'run_dla_simulation', name: 'Slow study', base_parameters: { n_particles: 20000, sticking_probability: 0.001 }, seeds_per_combination: 40,
  });

  const page = await browser.page({ path: '/admin' });
  const tile = (label) => page.getByRole('list', { name: 'At a glance' }).getByRole('link').filter({ hasText: label });
  await tile('Plugins').getByText('3', { exact: true }).waitFor();
  await tile('Studies').getByText('1', { exact: true }).waitFor();
  await shot(page, 'admin-1-overview');

  const tabs = page.getByRole('navigation', { name: 'Administration' });
  await tabs.getByRole('link', { name: 'Plugins' }).click();
  const plugin = page.getByRole('list', { name: 'Plugins' }).getByRole('listitem').filter({ hasText: 'org.assistd.simulation' });
  await plugin.getByText('ready').waitFor();

  await tabs.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('button', { name: 'Ask each whether it answers' }).click();
  await page.getByRole('list', { name: "Models' servers" }).locator('.ui-good, .ui-error').first().waitFor();
  await shot(page, 'admin-2-models');

  await tabs.getByRole('link', { name: 'Jobs' }).click();
  const job = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ has: page.getByRole('progressbar') }).first();
  await job.waitFor();
  await shot(page, 'admin-3-job');
  await job.getByRole('button', { name: 'Cancel' }).click();
  await until(async () => {
    const { jobs } = await call('GET', '/jobs?state=cancelled');
    return jobs.length > 0;
  }, 'the job is cancelled');
  await page.getByRole('list', { name: 'Jobs' }).getByText('cancelled', { exact: true }).first().waitFor();

  await tabs.getByRole('link', { name: 'Studies' }).click();
  const row = page.getByRole('list', { name: 'Studies' }).getByRole('listitem').filter({ hasText: 'Slow study' });
  await row.getByRole('progressbar').waitFor();
  await shot(page, 'admin-4-study');
  await row.getByRole('button', { name: 'Cancel' }).click();
  await row.getByText('cancelled', { exact: true }).waitFor();
  await until(async () => (await call('GET', `/studies/${study.id}`)).status === 'cancelled', 'the study being cancelled');

  await tabs.getByRole('link', { name: 'Usage' }).click();
  await until(() => page.locator('.plot canvas').evaluate((canvas) => canvas.width > 300), 'a plot drawn');
  await page.getByRole('combobox', { name: 'By' }).selectOption('Model');
  await page.getByRole('rowheader', { name: 'offline:offline' }).waitFor();
  await shot(page, 'admin-5-usage');

  await tabs.getByRole('link', { name: 'Audit' }).click();
  const calls = page.getByRole('region', { name: 'Calls of tools' }).locator('tbody tr');
  await calls.first().waitFor();
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('CancelledError');
  await until(async () => {
    const outcomes = await calls.locator('.ui-badge').allInnerTexts();
    return outcomes.length > 0 && outcomes.every((one) => one === 'CancelledError');
  }, 'only calls that were cancelled');
  await shot(page, 'admin-6-audit');

  // All of it as a file, of what fits.
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as CSV' }).click()]);
  const [heading, ...lines] = (await readFile(await csv.path(), 'utf8')).trimEnd().split('\r\n');
  assert.match(heading, /^at,user,tool,outcome,/);
  assert.ok(lines.length > 0 && lines.every((line) => line.includes(',CancelledError,')), lines);

  // What administrators did is among the tools; each user can be looked at alone.
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('');
  const tool = page.getByRole('combobox', { name: 'Tool', exact: true });
  assert.deepEqual(await tool.locator('optgroup').evaluateAll((groups) => groups.map((one) => one.label)), ['Administration']);
  await tool.selectOption('users.create');
  await page.getByText('No call fits.').waitFor();
  await tool.selectOption('');
  await page.getByRole('combobox', { name: 'User' }).selectOption('local');
  await calls.getByText('DLA simulation').first().waitFor();

  // Whatever the window's width, a table stays in it, and words that fit are not broken.
  await calls.getByText('DLA simulation').first().waitFor();
  for (const width of [1280, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await until(() => page.locator('.table-frame').evaluate((frame) => frame.scrollWidth <= frame.clientWidth), `all columns seen in ${width} pixels`);
    const lines = await calls.locator('.tool-name .ui-small').evaluateAll((names) => names.map((one) => one.getClientRects().length));
    assert.deepEqual([...new Set(lines)], [1], `names of tools on one line in ${width} pixels`);
    await shot(page, `admin-7-audit-${width}`);
    await accessible(page, `the audit log in ${width} pixels`);
  }
});
