// A tool that waits for a person: allowed, and refused with a reason; a reload in between changes nothing.

import { accessible, answered, becomes, run, say, shot, until } from './browser.mjs';

await run('approvals', async (browser) => {
  const page = await browser.page();
  await say(page, 'Run a DLA simulation with 60 particles');
  const box = page.getByRole('group', { name: 'Approval' });
  await box.waitFor();
  // One sees what one allows.
  await box.getByText('n_particles').waitFor();
  await box.getByText('60', { exact: true }).waitFor();
  await becomes(() => box.getByText('run_dla_simulation').count(), 0);
  await shot(page, 'approvals-1-asked');
  await accessible(page, 'an approval');
  await page.reload();
  await box.getByRole('button', { name: 'Allow' }).click();
  const allowed = await answered(page);
  await allowed.getByText('Grew a').first().waitFor();
  await becomes(() => page.getByRole('article', { name: /^simulation / }).count(), 1);
  await shot(page, 'approvals-2-allowed');

  await say(page, 'Run a DLA simulation with 70 particles');
  await box.getByRole('textbox').fill('Too dear.');
  // What was typed is still there for who has looked elsewhere, and after a reload.
  await page.getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('heading', { name: 'Documents' }).waitFor();
  await page.goBack();
  await until(async () => (await box.getByRole('textbox').inputValue()) === 'Too dear.', 'the reason after another view');
  await page.reload();
  await until(async () => (await box.getByRole('textbox').inputValue()) === 'Too dear.', 'the reason after a reload');
  // Escape leaves the field and stops nothing.
  await box.getByRole('textbox').focus();
  await page.keyboard.press('Escape');
  await becomes(() => box.getByRole('textbox').evaluate((field) => field === document.activeElement), false);
  await becomes(() => box.getByRole('textbox').inputValue(), 'Too dear.');
  await box.getByRole('button', { name: 'Refuse' }).click();
  const refused = await answered(page);
  await refused.getByText(/Too dear\./).first().waitFor();
  await becomes(() => refused.locator('.call.is-failed').count(), 1);
  await becomes(() => page.getByRole('article', { name: /^simulation / }).count(), 1);
  await shot(page, 'approvals-3-refused');
});
