// Artifacts in the whole window: data as plots and tables, clusters in two and three dimensions, other formats, what
// they were made from; and that views which come and go leave nothing behind.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { accessible, becomes, call, run, shot, until } from './browser.mjs';
import { atRest, changed, look, turns } from './pixels.mjs';

await run('artifacts', async (browser) => {
  const conversation = await call('POST', '/conversations', {});
  const told = (content) => call('POST', `/conversations/${conversation.id}/chat`, { content });
  await told('Run a DLA simulation with 3000 particles and seed 3, then analyze it and plot it');
  await told('Grow a 2d DLA cluster of 1000 particles with seed 5');
  await told('export the properties of simulation-1 as a csv file');
  await told('compare simulation-1 and simulation-2');
  const rows = Array.from({ length: 1234 }, (_, i) => `${i},${(i * 7919) % 1234},"n ${i}, quoted"`);
  const upload = await fetch(new URL('/api/v1/ai/artifacts?name=long.csv', process.env.ASSISTD_PAGE_URL), {
    method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: `i,mixed,text\n${rows.join('\n')}\n`,
  });
  const long = await upload.json();
  assert.equal(long.media_type, 'text/csv');

  const page = await browser.page({ path: '/artifacts', acceptDownloads: true });
  await page.addInitScript(() => {
    globalThis.contexts = new Set();
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      const context = getContext.call(this, kind, ...rest);
      if (/^webgl/.test(kind) && context) globalThis.contexts.add(context);
      return context;
    };
  });
  const opened = async (handle) => {
    await page.goto(new URL(`/artifacts/${handle}`, page.url()).href);
    return page.getByRole('dialog', { name: handle });
  };

  // Tables: numbers sort as numbers, long ones come in pieces.
  const table = await opened(long.handle);
  await table.getByRole('button', { name: 'Table' }).click();
  await table.getByText('Rows 1–200 of 1,234').waitFor();
  const firstCells = () => table.locator('tbody tr:first-child td').allInnerTexts();
  await becomes(() => firstCells(), ['0', '0', 'n 0, quoted']);
  await table.getByRole('button', { name: 'mixed' }).click();
  await table.getByRole('button', { name: 'mixed' }).click();
  await until(async () => (await firstCells())[1] === '1233', 'the greatest first');
  await becomes(() => table.getByRole('columnheader', { name: 'mixed' }).getAttribute('aria-sort'), 'descending');
  await table.getByRole('button', { name: 'Show more' }).click();
  await becomes(() => table.locator('tbody tr').count(), 400);
  await shot(page, 'artifacts-1-table');

  // What spreadsheets write is read as what it is, and said to be so; what is no picture can only be downloaded.
  const latin = await (await fetch(new URL('/api/v1/ai/artifacts?name=old.csv', process.env.ASSISTD_PAGE_URL), {
    method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: Buffer.from('Gr\xf6\xdfe;Preis\n5 \xb5m;3 \x80\n', 'latin1'),
  })).json();
  const old = await opened(latin.handle);
  await old.getByRole('columnheader', { name: 'Größe' }).waitFor();
  await old.getByRole('cell', { name: '5 µm' }).waitFor();
  await old.getByRole('cell', { name: '3 €' }).waitFor();
  await old.getByText('Read as Windows-1252, since it is not UTF-8.').waitFor();
  await shot(page, 'artifacts-1b-latin');
  const commas = await (await fetch(new URL('/api/v1/ai/artifacts?name=measured.csv', process.env.ASSISTD_PAGE_URL), {
    method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'Probe;Rg [nm];Df\nA;10,5;1,7812345678\nB;9,25;1,8\nC;100;2\n',
  })).json();
  const measured = await opened(commas.handle);
  await measured.getByRole('button', { name: 'Rg [nm]' }).click();
  await becomes(() => measured.locator('tbody td:first-child').allInnerTexts(), ['B', 'A', 'C']);
  await measured.getByRole('cell', { name: '1,78123', exact: true }).waitFor();
  await measured.getByRole('button', { name: 'Show all digits' }).click();
  await measured.getByRole('cell', { name: '1,7812345678' }).waitFor();
  await accessible(page, 'a table with decimal commas');
  await shot(page, 'artifacts-1c-commas');
  const fake = await (await fetch(new URL('/api/v1/ai/artifacts?name=fake.png', process.env.ASSISTD_PAGE_URL), {
    method: 'POST', headers: { 'Content-Type': 'image/png' }, body: 'no picture',
  })).json();
  const picture = await opened(fake.handle);
  await picture.getByText('is none that the browser can show').waitFor();
  await becomes(() => picture.getByRole('button', { name: 'Try again' }).count(), 0);
  const nothing = await opened('plot-999');
  browser.allow(/404/);
  await nothing.getByText('There is no artifact').waitFor();
  await becomes(() => nothing.getByRole('button', { name: 'Try again' }).count(), 0);

  // Data with curves: a plot first, and the JSON beside it.
  const analysis = await opened('analysis-1');
  await until(() => analysis.locator('.plot canvas').evaluate((canvas) => canvas.width > 300), 'a plot drawn');
  await shot(page, 'artifacts-2-plot');
  await analysis.getByRole('button', { name: 'JSON' }).click();
  await analysis.getByText('"assistd.box_counting/1"').waitFor();
  // Six digits are read; all of them are pointed at, and copied.
  const cut = analysis.locator('.json [data-whole]').first();
  const whole = await cut.getAttribute('data-whole');
  assert.ok(Number(whole).toPrecision(6) === Number(await cut.innerText()).toPrecision(6) && whole.length > 7, whole);
  await becomes(() => cut.getAttribute('title'), whole);
  await page.evaluate(() => document.addEventListener('copy', (event) => (globalThis.copied = event.clipboardData.getData('text/plain'))));
  await cut.dblclick();
  await page.keyboard.press('Control+c');
  await becomes(() => page.evaluate(() => globalThis.copied), whole);
  await cut.evaluate((number) => getSelection().selectAllChildren(number.closest('li')));
  await page.keyboard.press('Control+c');
  await until(async () => {
    const copied = await page.evaluate(() => globalThis.copied);
    return copied.length > whole.length && copied.includes(whole);
  }, 'its whole line copied');
  await shot(page, 'artifacts-2b-json');
  // Also where nothing can be pointed at.
  await analysis.locator('.artifact-inside').getByRole('button', { name: 'Show all digits' }).click();
  await becomes(() => analysis.locator('.artifact-inside').getByText(whole, { exact: true }).count(), 1);
  await analysis.locator('.artifact-inside').getByRole('button', { name: 'Round the numbers' }).click();
  await analysis.getByRole('button', { name: 'simulation-1' }).click();
  await page.getByRole('dialog', { name: 'simulation-1' }).waitFor();

  // A comparison: the simulations beside each other, before what is computed of all of them.
  const comparison = await opened('comparison-1');
  const beside = comparison.getByRole('region', { name: 'simulations' });
  await becomes(() => beside.getByRole('columnheader').allInnerTexts(), ['simulation', 'simulation-1', 'simulation-2']);
  await beside.getByRole('row', { name: /^df \d\.\d+ ± 0\.\d+ \d\.\d+ ± 0\.\d+$/ }).waitFor();
  await shot(page, 'artifacts-2c-comparison');

  // A cluster: turned, coloured otherwise, without perspective, its context lost and given back.
  const cluster = await opened('simulation-1');
  await turns(page, cluster);
  const canvas = cluster.locator('canvas');
  const inOrder = await atRest(canvas);
  await cluster.getByRole('button', { name: 'Colour' }).click();
  await page.getByRole('menuitemradio', { name: 'Distance from the centre of mass' }).click();
  await until(async () => changed(inOrder, await look(canvas)) > 0.01, 'other colours');
  await cluster.getByRole('button', { name: 'Parallel' }).click();
  await becomes(() => cluster.getByRole('button', { name: 'Parallel' }).getAttribute('aria-pressed'), 'true');
  await cluster.getByRole('button', { name: 'Reset' }).click();
  await shot(page, 'artifacts-3-cluster');
  await canvas.focus();
  const kept = await atRest(canvas);
  await canvas.evaluate((element) => {
    const extension = element.getContext('webgl2').getExtension('WEBGL_lose_context');
    extension.loseContext();
    globalThis.restoreContext = () => extension.restoreContext();
  });
  await cluster.getByText('The graphics card took the view away').waitFor();
  await page.evaluate(() => globalThis.restoreContext());
  await until(async () => changed(kept, await look(canvas)) < 0.05, 'the view is back after its context was lost');
  for (let i = 0; i < 6; ++i) await page.keyboard.press('ArrowLeft');
  await until(async () => changed(kept, await look(canvas)) > 0.01, 'the keyboard is back too');

  const flat = await opened('simulation-2');
  await flat.locator('.particles-stage[data-stage=live]').waitFor();
  await until(async () => (await look(flat.locator('canvas'))).drawn > 0.02, 'a flat cluster drawn');
  await shot(page, 'artifacts-4-flat');

  // Another format is made by the tool that says it can, and downloaded.
  await flat.getByRole('button', { name: 'Download simulation-2' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^XYZ/ }).click()]);
  const text = await readFile(await download.path(), 'utf8');
  assert.match(text, /^1000\n/);

  // Views come and go within one page without using up the browser's contexts, of which it has some sixteen.
  await page.goto(new URL('/artifacts', page.url()).href);
  for (let round = 0; round < 4; ++round) {
    await page.locator('.artifact-tile', { has: page.getByText('simulation-2', { exact: true }) }).click();
    await page.locator('.particles-stage[data-stage=live]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  const counts = await page.evaluate(() => [globalThis.contexts.size, [...globalThis.contexts].filter((one) => !one.isContextLost()).length]);
  assert.deepEqual(counts, [4, 0]);

  // Words narrow the list; the address keeps them, also over a file and elsewhere.
  await page.goto(new URL('/artifacts', page.url()).href);
  const tiles = () => page.locator('.artifact-tile b').allInnerTexts();
  const words = page.getByRole('searchbox', { name: 'Search', exact: true });
  await words.fill('rg-evolution');
  await becomes(tiles, ['table-2']);
  assert.equal(new URL(page.url()).search, '?q=rg-evolution');
  await page.locator('.artifact-tile').click();
  await page.getByRole('dialog', { name: 'table-2' }).waitFor();
  await page.keyboard.press('Escape');
  await becomes(() => new URL(page.url()).search, '?q=rg-evolution');
  await page.getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('heading', { name: 'Documents' }).waitFor();
  await page.goBack();
  await becomes(tiles, ['table-2']);
  await becomes(() => words.inputValue(), 'rg-evolution');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('table');
  await becomes(() => new URL(page.url()).search, '?q=rg-evolution&kind=table');
  await words.fill('nowhere to be found');
  await page.getByText('No file of the kind “table” has the words “nowhere to be found” in its name, kind, tool or description.').waitFor();
  await accessible(page, 'files of which none is found');
  await shot(page, 'artifacts-4b-none-found');
  // Back gives the whole list again, whichever words were tried.
  await page.goBack();
  await until(async () => (await tiles()).length > 5, 'the whole list');
  await becomes(() => words.inputValue(), '');
  // Each shows itself, or says what it is.
  const thumb = (handle) => page.locator('.artifact-tile', { has: page.getByText(handle, { exact: true }) }).locator('.artifact-thumb');
  await until(() => thumb('plot-1').locator('img').evaluate((one) => one.naturalWidth > 0), 'a picture of the plot');
  for (const [handle, format] of [[long.handle, 'CSV'], [fake.handle, 'PNG'], ['simulation-1', 'NPY'], ['analysis-1', 'JSON']])
    await becomes(() => thumb(handle).innerText(), format);
  // What it was made with tells one from another.
  const described = (handle) => page.locator('.artifact-tile', { has: page.getByText(handle, { exact: true }) }).locator('.artifact-tile-name').innerText();
  await becomes(() => described('simulation-2'), 'dla, 2-D, N = 1000, seed 5');
  await becomes(() => described('analysis-1'), 'Box counting of simulation-1');
  await shot(page, 'artifacts-4c-files');

  // Kinds can be chosen of which nothing is loaded.
  for (let i = 0; i < 48; ++i) {
    const added = await fetch(new URL(`/api/v1/ai/artifacts?name=newer-${i}.txt`, page.url()), { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: `${i}` });
    assert.equal(added.status, 201);
  }
  await page.goto(new URL('/artifacts', page.url()).href);
  await becomes(async () => (await tiles()).filter((one) => !one.startsWith('file-')), []);
  const kinds = () => page.getByRole('combobox', { name: 'Kind' }).locator('option').allInnerTexts();
  await becomes(kinds, ['All', 'Analysis', 'Comparison', 'File', 'Geometry', 'Plot', 'Simulation', 'Table']);
  // The tool is called by its title here too; what is made again by it can be compared.
  await page.goto(new URL('/artifacts/simulation-1', page.url()).href);
  const made = page.getByRole('dialog', { name: 'simulation-1' });
  await made.getByText('DLA simulation run_dla_simulation').waitFor();
  await made.getByRole('button', { name: 'Make it again and compare' }).waitFor();

  // What is gone says so.
  browser.allow(/status of 404/);
  const gone = await opened('simulation-99');
  await gone.getByRole('alert').waitFor();
  await shot(page, 'artifacts-5-gone');

  // So does a browser that cannot draw.
  browser.allow(/THREE\.WebGLRenderer/);
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  const undrawn = await opened('simulation-1');
  await undrawn.getByText('This browser cannot draw in 3-D').waitFor();
  await undrawn.getByRole('button', { name: 'Download simulation-1' }).waitFor();
  await shot(page, 'artifacts-6-undrawn');
});
