// Projects are made, changed and archived where they are picked; what is wrong with one is said with the field it is about.

import assert from 'node:assert/strict';

import { accessible, becomes, call, inHand, run, shot, until } from './browser.mjs';

const stored = async (name) => (await call('GET', `/projects?name=${encodeURIComponent(name)}`)).projects[0];

await run('projects', async (browser) => {
  const page = await browser.page();
  const picker = (name) => page.getByRole('button', { name: `Project: ${name}`, exact: true });
  const action = (name) => page.getByRole('menuitem', { name, exact: true });

  // By the keyboard: from the picker into the form, and the new one is picked.
  await picker('No project').focus();
  await page.keyboard.press('Enter');
  await becomes(() => page.getByRole('menuitemradio').allInnerTexts(), ['No project']);
  await accessible(page, 'the menu of projects');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const made = page.getByRole('dialog', { name: 'A new project' });
  await inHand(made.getByRole('textbox', { name: 'Name', exact: true }));
  await page.keyboard.type('Soot 2026');
  await made.getByRole('textbox', { name: 'Description' }).fill('From the burner\nin the cellar');
  await made.getByRole('button', { name: 'Add a fact' }).press('Enter');
  await inHand(made.getByRole('textbox', { name: 'Fact 1: its name' }));
  await page.keyboard.type('temperature_K');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1800');
  await made.getByRole('button', { name: 'Add a fact' }).press('Enter');
  await inHand(made.getByRole('textbox', { name: 'Fact 2: its name' }));
  await page.keyboard.type('temperature_K');
  await page.keyboard.press('Enter');
  await made.getByRole('alert').getByText('What is “temperature_K”? Give it a value, or leave it out.').waitFor();
  await inHand(made.getByRole('textbox', { name: 'Fact 2: its value' }));
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await made.getByText('“temperature_K” is there twice.').waitFor();
  await inHand(made.getByRole('textbox', { name: 'Fact 2: its name' }));
  await accessible(page, 'a project with a fact that is there twice');
  await shot(page, 'projects-1-form');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('detector');
  await page.keyboard.press('Enter');
  await made.waitFor({ state: 'detached' });
  await picker('Soot 2026').waitFor();
  const soot = await stored('Soot 2026');
  assert.deepEqual([soot.description, soot.facts], ['From the burner\nin the cellar', { temperature_K: 1800, detector: 'x' }]);

  // What is said now belongs to it.
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello');
  await page.keyboard.press('Enter');
  await until(async () => (await stored('Soot 2026')).conversation_count === 1, 'a conversation of the project');
  await page.getByRole('link', { name: 'New chat' }).first().click();

  // Changed: another name, a fact less. A name that is taken is said with the field.
  await call('POST', '/projects', { name: 'Taken' });
  await picker('Soot 2026').click();
  await action('Change “Soot 2026” …').click();
  const changed = page.getByRole('dialog', { name: 'Change “Soot 2026”' });
  const name = changed.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Taken');
  await changed.getByRole('button', { name: 'Take away fact 1, detector' }).click();
  browser.allow(/status of 409/);
  await changed.getByRole('button', { name: 'Save' }).click();
  await changed.getByRole('alert').getByText('You have a project named "Taken" already.').waitFor();
  await becomes(() => name.getAttribute('aria-invalid'), 'true');
  await name.fill('Soot');
  await changed.getByRole('button', { name: 'Save' }).click();
  await changed.waitFor({ state: 'detached' });
  await picker('Soot').waitFor();
  assert.deepEqual((await stored('Soot')).facts, { temperature_K: 1800 });

  // All of them, archived and taken back; what is archived is picked no more.
  await picker('Soot').click();
  await action('All projects …').click();
  const list = page.getByRole('dialog', { name: 'Projects', exact: true });
  await list.getByText('1 conversation · 0 files · 1 fact').waitFor();
  await accessible(page, 'the list of projects');
  await shot(page, 'projects-2-list');
  await list.getByRole('button', { name: 'Archive Soot' }).click();
  await list.getByText('Archived', { exact: true }).waitFor();
  assert.equal((await stored('Soot')).is_archived, true);
  await list.getByRole('button', { name: 'Close' }).click();
  await picker('No project').waitFor();
  await picker('No project').click();
  assert.equal(await page.getByRole('menuitemradio', { name: /^Soot/ }).count(), 0);
  await action('All projects …').click();
  await list.getByRole('button', { name: 'Take Soot out of the archive' }).click();
  await becomes(() => list.getByText('Archived', { exact: true }).count(), 0);
  await list.getByRole('button', { name: 'Change Soot' }).click();
  await page.getByRole('dialog', { name: 'Change “Soot”' }).getByRole('textbox', { name: 'Description' }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await becomes(() => list.getByText('From the burner').count(), 0);

  // Gone elsewhere meanwhile: it says so, and what was to belong to it is sent without it.
  await list.getByRole('button', { name: 'Close' }).click();
  const lost = await call('POST', '/projects', { name: 'Lost' });
  await page.reload();
  await picker('No project').click();
  await page.getByRole('menuitemradio', { name: 'Lost' }).click();
  await picker('Lost').waitFor();
  await call('DELETE', `/projects/${lost.id}`);
  browser.allow(/status of 422/);
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello again');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The project that was picked is gone. Your message is still here').waitFor();
  await picker('No project').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.bubble').getByText('hello again').waitFor();
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await picker('No project').click();
  await action('All projects …').click();
  await call('DELETE', `/projects/${(await stored('Taken')).id}`);
  browser.allow(/status of 404/);
  await list.getByRole('button', { name: 'Archive Taken' }).click();
  await list.getByRole('alert').waitFor();
  await page.context().close();

  const phone = await browser.page({ size: 'phone', theme: 'dark' });
  await phone.getByRole('button', { name: 'Project: No project' }).click();
  await shot(phone, 'projects-3-phone-menu');
  await phone.getByRole('menuitem', { name: 'New project …' }).click();
  await phone.getByRole('button', { name: 'Add a fact' }).click();
  await accessible(phone, 'a new project on a phone');
  await shot(phone, 'projects-4-phone-form');
});
