// Without a mouse: what is needed of the page is reached and done by keys, and focus is never lost.

import { accessible, answered, becomes, call, run, shot, undoIsPatient, until } from './browser.mjs';
import { atRest, changed, look } from './pixels.mjs';

const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });

// Presses Tab until the focused element's name fits.
async function tabTo(page, name, key = 'Tab') {
  for (let pressed = 0; pressed < 120; ++pressed) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never came to ${name}; the last was ${await focused(page)}`);
}

await run('keyboard', async (browser) => {
  const page = await browser.page();
  await undoIsPatient(page);
  await page.getByRole('heading', { name: 'What shall we work on?' }).waitFor();
  await until(async () => (await focused(page)) === 'Message', 'focus in the message field');
  await page.keyboard.type('Grow a dla cluster of 400 particles');
  await page.keyboard.press('Enter');
  await page.locator('.bubble').waitFor();
  await answered(page);

  await tabTo(page, /^3-D view of simulation-1/, 'Shift+Tab');
  const canvas = page.locator('.particles-stage canvas');
  await page.locator('.particles-stage[data-stage=live]').waitFor();
  const before = await atRest(canvas);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('+');
  await page.keyboard.press('x');
  await until(async () => changed(before, await look(canvas)) > 0.01, 'the view turned by keys');
  await shot(page, 'keyboard-1-turned');

  await tabTo(page, /^Open simulation-1$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'simulation-1' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await becomes(() => focused(page), 'Open simulation-1');

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await shot(page, 'keyboard-2-shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await becomes(() => focused(page), 'Search conversations');

  const menu = async () => {
    await tabTo(page, /^What to do with “/);
    await page.keyboard.press('Enter');
    await until(async () => (await focused(page)) === 'Rename', 'focus in the menu');
  };
  await menu();
  await page.keyboard.press('Enter');
  await until(async () => (await focused(page)) === 'Title', 'focus in the title');
  await page.keyboard.type('Grow a dla, renamed');
  await becomes(() => page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Grow a dla, renamed');
  await page.keyboard.press('Enter');
  await until(async () => (await focused(page)) === 'Grow a dla, renamed', 'focus on the conversation that was renamed');
  await menu();
  await page.keyboard.press('ArrowDown');
  await becomes(() => focused(page), 'Archive');
  await page.keyboard.press('Enter');
  await page.getByText('Archived.').first().waitFor();
  await until(async () => (await focused(page)) === 'New chat', 'focus beside what went');
  await tabTo(page, /^Undo$/);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByRole('link', { name: /^Grow a dla/ }).waitFor();
  // This can be undone, too; what comes next has an Undo of its own.
  await tabTo(page, /^Dismiss$/);
  await page.keyboard.press('Enter');
  await page.getByText('Back in the list.').waitFor({ state: 'detached' });

  await menu();
  await page.keyboard.press('End');
  await becomes(() => focused(page), 'Delete');
  await page.keyboard.press('Enter');
  await page.getByText('is deleted').first().waitFor();
  await tabTo(page, /^Undo$/);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByRole('link', { name: /^Grow a dla/ }).waitFor();

  // The whole list of conversations costs two presses of Tab, one of them for its menu; arrows go through it.
  for (const title of ['Older', 'Newer']) await call('POST', '/conversations', { title });
  const rows = page.getByRole('list', { name: 'Conversations' });
  await rows.getByRole('link', { name: 'Newer' }).waitFor();
  await becomes(() => rows.locator('a:not([tabindex="-1"]), button:not([tabindex="-1"])').count(), 2);
  await tabTo(page, /^(Newer|Older|Grow a dla.*)$/);
  await page.keyboard.press('Home');
  await becomes(() => focused(page), 'Newer');
  await page.keyboard.press('ArrowDown');
  await becomes(() => focused(page), 'Older');
  await page.keyboard.press('Tab');
  await becomes(() => focused(page), 'What to do with “Older”');
  await page.keyboard.press('Tab');
  await becomes(() => focused(page), 'Documents');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await becomes(() => focused(page), 'Older');
  await shot(page, 'keyboard-2b-list');
  await accessible(page, 'the list of conversations');

  await page.keyboard.press('Control+k');
  // What is found can be gone through without leaving the field; Enter opens the one that is chosen, or the first.
  for (const title of ['Wanted first', 'Wanted second']) await call('POST', '/conversations', { title });
  const search = page.getByRole('combobox', { name: 'Search conversations' });
  const chosen = () => page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '')?.querySelector('a').innerText ?? null);
  await page.keyboard.type('wanted');
  await until(async () => (await search.getAttribute('aria-expanded')) === 'true', 'something found');
  await becomes(() => page.getByRole('grid', { name: 'Conversations' }).getByRole('row').count(), 2);
  await becomes(chosen, null);
  for (const [key, title] of [['ArrowDown', 'Wanted second'], ['ArrowDown', 'Wanted first'], ['ArrowDown', null], ['ArrowUp', 'Wanted first']]) {
    await page.keyboard.press(key);
    await becomes(chosen, title);
  }
  await becomes(() => focused(page), 'Search conversations');
  await accessible(page, 'a conversation that is chosen of those found');
  await shot(page, 'keyboard-3-search');
  const heading = (title) => page.getByRole('main').getByRole('heading', { name: title }).waitFor();
  await page.keyboard.press('Enter');
  await heading('Wanted first');
  // Faster than the search.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await heading('Wanted second');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await becomes(() => page.getByRole('list', { name: 'Conversations', exact: true }).getByRole('listitem').count(), 5);

  await tabTo(page, /^Administration$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Administration' }).waitFor();
  await tabTo(page, /^Usage$/);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'By' }).waitFor();
  await shot(page, 'keyboard-3-usage');

  // Whoever has seen the sidebar goes past it.
  await page.reload();
  await page.getByRole('combobox', { name: 'By' }).waitFor();
  await page.keyboard.press('Tab');
  await becomes(() => focused(page), 'Skip to the content');
  await shot(page, 'keyboard-4-skip');
  await page.keyboard.press('Enter');
  await becomes(() => page.evaluate(() => document.activeElement?.tagName), 'MAIN');
  await page.keyboard.press('Tab');
  await becomes(() => focused(page), 'Overview');
});
