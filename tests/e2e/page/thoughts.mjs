// What a model thinks is shown while it thinks, and stays with its reply; formulas and task lists are drawn.

import assert from 'node:assert/strict';

import { accessible, answered, ask, run, say, shot } from './browser.mjs';

await run('thoughts', async (browser) => {
  const page = await browser.page();
  await say(page, 'Think [thinking]');
  const thoughts = page.locator('details.thinking').last();
  await thoughts.getByText('Thinking …').waitFor();
  await thoughts.locator('summary').click();
  await thoughts.getByText('Let me see').waitFor();
  await shot(page, 'thoughts-1-thinking');
  // Whoever comes back in the middle is told all of it.
  await page.reload();
  await thoughts.locator('summary').click();
  await thoughts.getByText('Let me see').waitFor();
  await ask('open', 'thinking');
  const turn = await answered(page);
  await thoughts.getByText('Thoughts', { exact: true }).waitFor();
  assert.equal(await thoughts.locator('.thinking-text').textContent(), 'Let me see. It is so.');
  await turn.getByText('It is so: all is well.').waitFor();
  assert.equal(await turn.getByText('Let me see').count(), 1, 'the thoughts are no part of the reply');

  await say(page, 'Write [formulas]');
  const written = await answered(page);
  await written.locator('.formula.is-drawn').nth(2).waitFor();
  assert.equal(await written.locator('.formula math msup').count() > 0, true);
  // What is no formula stays as it was written, and so does money.
  await written.getByText('$\\undefinedcommand{x}$').waitFor();
  await written.getByText('from $5 to $10').waitFor();
  const tasks = written.getByRole('checkbox');
  assert.deepEqual(await tasks.evaluateAll((boxes) => boxes.map((box) => box.checked)), [true, false]);
  await written.locator('.formula').first().scrollIntoViewIfNeeded();
  await shot(page, 'thoughts-2-formulas');
  await accessible(page, 'a reply with formulas and tasks');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'thoughts-3-dark');
});
