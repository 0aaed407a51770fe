// What a screen reader is told: the names and roles of what is on the way, and what is said of things that happen where the
// keyboard is not: each once, in whole sentences, in their order. screen_reader.py listens to a real one.

import assert from 'node:assert/strict';

import { accessible, answered, ask, becomes, run, until } from './browser.mjs';
import { focused, focusOn, hasFocus, heard, hears, listen } from './heard.mjs';

await run('told', async (browser) => {
  browser.allow(/40[14]|409|422/);
  const page = await browser.page();
  await page.getByRole('heading', { name: 'Log in to assistd' }).waitFor();
  await listen(page);

  // What is wrong is told, and with the field that it is about.
  const name = page.getByRole('textbox', { name: 'Name' });
  await becomes(() => page.evaluate(() => document.activeElement.name), 'name');
  await page.keyboard.press('Enter');
  await hears(page, /^Name: .+/);
  await page.keyboard.press('Enter');
  await until(async () => (await heard(page)).filter((text) => /^Name: /.test(text)).length === 2, 'the same being told again');
  await page.locator('input[name=name][aria-invalid=true]').waitFor();
  await becomes(() => name.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby')).getAttribute('role')), 'alert');
  await name.fill('boss');
  await page.getByLabel('Password').fill('a long password');
  await page.keyboard.press('Enter');

  // The first view: nothing that is empty is there to be read.
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  await page.getByRole('list', { name: 'Examples' }).getByRole('button').first().waitFor();
  await becomes(() => page.title(), 'assistd');
  await becomes(() => page.evaluate(() => document.documentElement.lang), 'en');
  const tree = await page.locator('body').ariaSnapshot();
  assert.match(tree, /navigation "Conversations and views"/);
  assert.match(tree, /main:[^]*heading "What shall we work on\?" \[level=1\][^]*textbox "Message"/);
  assert.match(tree, /text: "?Model: offline/);
  assert.doesNotMatch(tree, /- status$|region "Messages of the page"|list "Conversations"/m);

  // An approval, and the answer: once, when it is complete, as sentences.
  await listen(page);
  await page.keyboard.type('Run a DLA simulation with 60 particles, then plot it');
  await page.keyboard.press('Enter');
  await hears(page, /^DLA simulation waits for your approval\. Allow and Refuse are before the message field\.$/);
  await becomes(() => focused(page), 'Message');
  await page.keyboard.press('Shift+Tab');
  await focusOn(page, /^Refuse DLA simulation$/);
  await page.keyboard.press('Shift+Tab');
  await becomes(() => focused(page), 'Allow DLA simulation');
  await becomes(() => page.getByRole('group', { name: 'Approval of DLA simulation' }).count(), 1);
  await page.keyboard.press('Enter');
  await answered(page);
  await hears(page, /^Reply: /);
  const said = await heard(page);
  const ends = said.filter((text) => !/is running\.$|is answering\.$/.test(text));
  assert.equal(said.length, new Set(said).size, `something is said twice: ${said.join(' | ')}`);
  const begins = ends.map((text) => text.split(' ').slice(0, 3).join(' '));
  // The answer to what was allowed and the stream come by different connections.
  assert.deepEqual(begins.filter((text) => text !== 'Allowed.'), ['DLA simulation waits', 'DLA simulation is', 'Plot is done.', 'Reply: Grew a']);
  assert.ok(begins.includes('Allowed.'));
  assert.match(ends.at(-1), /^Reply: Grew a .+ → simulation-1\. .+ → plot-1\. Next you could say “.+”\.$/);
  await becomes(() => focused(page), 'Message');
  // Whoever reads through the page finds the reply once.
  await until(async () => (await page.locator('.announcements > *').count()) === 0, 'what was announced being taken away');

  // The conversation by its headings; cards, pictures and clusters by what they are.
  const cluster = page.getByRole('img', { name: /^3-D view of simulation-1: Particles 60, Df .+/ });
  await page.getByRole('article', { name: 'simulation simulation-1' }).scrollIntoViewIfNeeded();
  await cluster.waitFor();
  const turn = await page.locator('.turn').last().ariaSnapshot();
  assert.match(turn, /button "DLA simulation done: n_particles 60"/);
  await page.getByRole('img', { name: /^plot plot-1: Radius of gyration against number of particles of simulation-1/ }).waitFor();
  await becomes(() => page.locator('main :is(h1, h2)').allTextContents(), [await page.locator('h1').textContent(), 'You said', 'assistd answered']);
  await accessible(page, 'a conversation that was heard');

  // A dialog is entered, kept and left.
  await page.getByRole('button', { name: 'Open plot-1' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'plot-1' });
  await dialog.waitFor();
  await focusOn(page, /^plot-1$/);
  await page.keyboard.press('Tab');
  await focusOn(page, /^Download plot-1$/);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /^simulation-1-rg-vs-n\.svg ?As it is, \d/ }).waitFor();
  await page.keyboard.press('Escape');
  // Also what happens while it is open is told.
  await page.keyboard.press('Tab');
  await focusOn(page, /^Copy the link$/);
  await listen(page);
  await page.context().grantPermissions(['clipboard-write']);
  await page.keyboard.press('Enter');
  await hears(page, /^Copied$/);
  await page.keyboard.press('Escape');
  await focusOn(page, /^Open plot-1$/);

  // Deleting is told with its way back, which is a key.
  const menu = async () => {
    await page.getByRole('navigation').getByRole('button', { name: /^What to do with “/ }).focus();
    await page.keyboard.press('Enter');
    await focusOn(page, /^Rename$/);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
  };
  await menu();
  await hears(page, /^“Run a DLA .+” is deleted\. Undo: Control Z\.$/);
  await focusOn(page, /^Message$/);
  await page.keyboard.press('Control+z');
  await hears(page, /^Undo: done\.$/);
  await page.getByRole('heading', { name: /^Run a DLA/ }).waitFor();

  // Views and what is found in them.
  const search = page.getByRole('combobox', { name: 'Search conversations' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('simulation');
  await hears(page, /^1 conversation\.$/);
  await search.fill('nowhere to be found');
  await hears(page, /^Nothing is found for “nowhere to be found”\.$/);
  await search.fill('');
  await page.getByRole('link', { name: 'Documents' }).focus();
  await page.keyboard.press('Enter');
  await hears(page, /^Documents$/);
  await page.setInputFiles('input[aria-label^="Files to add"]', {
    name: 'furnace.md', mimeType: 'text/markdown', buffer: Buffer.from('# The furnace\n\nIt runs at 1300 kelvin.\n'),
  });
  await hears(page, /^furnace\.md is uploaded/);
  await hears(page, /^furnace\.md: Ready\.$/);

  // Focus goes on beside what was deleted.
  await page.getByRole('button', { name: 'Delete furnace.md' }).focus();
  await page.keyboard.press('Enter');
  await hears(page, /^furnace\.md is deleted\. Undo: Control Z\.$/);
  await until(() => hasFocus(page), 'focus beside what went');
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: 'Delete furnace.md' }).waitFor();

  // A source is named where it is said, and its passage is read in a dialog.
  await page.getByRole('link', { name: 'New chat' }).focus();
  await page.keyboard.press('Enter');
  await focusOn(page, /^Message$/);
  await listen(page);
  await page.keyboard.type('what do the documents say about the furnace');
  await page.keyboard.press('Enter');
  await hears(page, /^Reply: .*\(source: furnace\.md\)/);
  await page.getByRole('button', { name: 'Source 1: furnace.md' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'furnace.md' }).getByText('1300 kelvin').waitFor();
  await focusOn(page, /^furnace\.md$/);
  await page.keyboard.press('Escape');
  await focusOn(page, /^Source 1: furnace\.md$/);

  // Administration: each section by its name; a key that can be read and copied.
  await page.goto(`${new URL(page.url()).origin}/admin/keys`);
  await page.getByRole('heading', { name: /^Administration ?: API keys$/ }).waitFor();
  await becomes(() => page.title(), 'API keys · Administration · assistd');
  await listen(page);
  await page.getByRole('button', { name: 'New key' }).focus();
  await page.keyboard.press('Enter');
  await until(() => page.evaluate(() => document.activeElement?.name === 'name'), 'focus in the name of the key');
  await page.keyboard.press('Enter');
  await page.locator('input[name=name][aria-invalid=true]').waitFor();
  await page.keyboard.type('laptop');
  await page.keyboard.press('Enter');
  const key = page.getByRole('textbox', { name: 'API key' });
  await key.waitFor();
  assert.match(await key.inputValue(), /^ak_/);
  await focusOn(page, /^API key$/);
  assert.ok(await key.evaluate((field) => field.readOnly && field.selectionEnd === field.value.length));
  await page.keyboard.press('Escape');
  await focusOn(page, /^New key$/);

  // A row's dialog outlives the row, which may go while one reads.
  await page.getByRole('button', { name: 'Revoke laptop' }).focus();
  await page.keyboard.press('Enter');
  const asked = page.getByRole('dialog', { name: 'Revoke “laptop”?' });
  await asked.waitFor();
  assert.match(await asked.evaluate((one) => document.getElementById(one.getAttribute('aria-describedby')).textContent), /refused from now on/);
  await ask('revoke', 'laptop');
  await page.getByRole('button', { name: 'Revoke laptop', includeHidden: true }).waitFor({ state: 'detached' });
  await becomes(() => asked.count(), 1);
  await page.keyboard.press('Escape');
  await asked.waitFor({ state: 'detached' });
  await until(() => hasFocus(page), 'focus where the row was');

  // Tables have captions, heads and an order that is told.
  await page.goto(`${new URL(page.url()).origin}/admin/usage`);
  await page.getByRole('table', { name: 'Usage in numbers' }).waitFor();
  await page.goto(`${new URL(page.url()).origin}/admin/audit`);
  await page.getByRole('table', { name: 'Calls of tools' }).waitFor();
  assert.ok((await page.getByRole('columnheader').count()) > 5);
});
