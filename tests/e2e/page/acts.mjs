// What is told of what one does: what a choice or a search has found, what came of a button, what failed, and what ended by
// itself; and that the keyboard stays where it was.

import { accessible, answered, becomes, call, run, say, until } from './browser.mjs';
import { focusOn, heard, hears, listen } from './heard.mjs';

const press = async (page, role, name) => {
  await page.getByRole(role, { name }).focus();
  await page.keyboard.press('Enter');
};
const timesHeard = async (page, what) => (await heard(page)).filter((text) => what.test(text)).length;

await run('acts', async (browser) => {
  const { id } = await call('POST', '/conversations', { title: 'The kettle' });
  await call('POST', `/conversations/${id}/chat`, { content: 'list algorithms' });
  const page = await browser.page();
  await page.getByRole('list', { name: 'Examples' }).getByRole('button').first().waitFor();
  await listen(page);

  // A file that cannot be taken is told with its name.
  await page.setInputFiles('.composer input[type=file]', { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await hears(page, /^empty\.txt: This file is empty\.$/);
  await press(page, 'button', 'Remove empty.txt');

  // Another model: the button that has it says so, and has the keyboard.
  await press(page, 'button', 'Model: offline');
  await focusOn(page, /^offline/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await focusOn(page, /^Model: main:big$/);

  // A conversation under its new name.
  await press(page, 'button', 'What to do with “The kettle”');
  await focusOn(page, /^Rename$/);
  await page.keyboard.press('Enter');
  await focusOn(page, /^Title$/);
  await page.keyboard.type('A teapot');
  await page.keyboard.press('Enter');
  await hears(page, /^The conversation is called “A teapot” now\.$/);
  await focusOn(page, /^A teapot$/);

  // A reply that has ended before anything of it was drawn.
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'A teapot' }).waitFor();
  await page.evaluate(() => {
    const soon = globalThis.setTimeout;
    globalThis.setTimeout = (run, after, ...rest) => soon(run, after < 100 ? 1_000 : after, ...rest);
    globalThis.requestAnimationFrame = (draw) => soon(draw, 1_000);
  });
  await listen(page);
  await say(page, 'list algorithms');
  await hears(page, /^Reply: /);
  await page.reload();
  await answered(page);

  // Another reply to the same: which one is shown is told, and its button keeps the keyboard.
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByRole('group', { name: 'Replies to this message' }).waitFor();
  await listen(page);
  await press(page, 'button', 'The reply before');
  await hears(page, /^Reply 1 of 2\.$/);
  await focusOn(page, /^The reply before$/);

  // A study that goes on in the background: its end is told.
  await say(page, 'make forty cca clusters of 20000 particles and compare their Df');
  await answered(page);
  await press(page, 'button', 'Stop Begin a study');
  await hears(page, /^The study.* was stopped: \d+ of 40 done/);

  // What was told before a dialog came is not there any more when it goes.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('nowhere to be found');
  await hears(page, /^Nothing is found for “nowhere to be found”/);
  await press(page, 'button', 'Keyboard shortcuts (?)');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  await focusOn(page, /^Keyboard shortcuts$/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await becomes(() => page.locator('.announcements > *').allTextContents(), []);
  await focusOn(page, /^Keyboard shortcuts \(\?\)$/);

  // What a search in the documents finds is told in a number, not read out.
  await page.getByRole('link', { name: 'Documents' }).click();
  await listen(page);
  const search = page.getByRole('main').getByRole('searchbox');
  await search.fill('kettle');
  await search.press('Enter');
  await hears(page, /^No document says anything about “kettle”\.$/);
  await search.press('Enter');
  await until(async () => (await timesHeard(page, /^No document says/)) === 2, 'the same being told again');

  // Administration: sections by their names, what choices find, what came of buttons.
  const open = async (section, name) => {
    await page.goto(new URL(`/admin/${section}`, page.url()).href);
    await page.getByRole('heading', { name: `Administration: ${name}`, exact: true, level: 1 }).waitFor();
    await listen(page);
  };
  await open('plugins', 'Plugins');
  await page.getByText(/^\d+ tools of org\.assistd\.analysis$/).waitFor();
  await open('providers', 'Models');
  await press(page, 'button', 'Ask each whether it answers');
  await hears(page, /offline: It is built in/);
  await focusOn(page, /^Ask each whether it answers$/);

  await call('POST', '/tools/run_dla_simulation/execute', { arguments: { n_particles: 100000, sticking_probability: 0.001 } });
  await open('jobs', 'Jobs');
  await page.getByRole('button', { name: 'Cancel DLA simulation' }).first().waitFor();
  await press(page, 'button', 'Cancel DLA simulation');
  await hears(page, /^DLA simulation is being cancelled\.$/);
  await page.getByRole('combobox', { name: 'State' }).selectOption('lost');
  await hears(page, /^No job is lost\.$/);
  await page.getByRole('combobox', { name: 'State' }).selectOption('cancelled');
  await hears(page, /^1 job\.$/);
  await open('studies', 'Studies');
  await page.getByRole('button', { name: /^Run what is missing of ./ }).waitFor();

  await open('usage', 'Usage');
  await page.getByRole('img', { name: 'Tokens by day; the table below has the numbers.' }).waitFor();
  await becomes(() => page.getByRole('table').count(), 1);
  await page.getByRole('combobox', { name: 'By' }).selectOption('Model');
  await hears(page, /^Usage of 1 model\.$/);
  await open('audit', 'Audit');
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('PluginCrashedError');
  await hears(page, /^No call fits\.$/);
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('TimeoutError');
  await until(async () => (await timesHeard(page, /^No call fits/)) === 2, 'the same being told again');
  await accessible(page, 'the audit');
});
