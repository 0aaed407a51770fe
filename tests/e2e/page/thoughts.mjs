// What a model thinks is shown while it thinks, and stays with its reply; formulas and task lists are drawn.

import { accessible, answered, ask, becomes, run, say, shot } from './browser.mjs';

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
  await becomes(() => thoughts.locator('.thinking-text').textContent(), 'Let me see. It is so.');
  await turn.getByText('It is so: all is well.').waitFor();
  await becomes(() => turn.getByText('Let me see').count(), 1); // the thoughts are no part of the reply

  await say(page, 'Write [formulas]');
  const written = await answered(page);
  await written.locator('.formula.is-drawn').nth(2).waitFor();
  await written.locator('.formula math msup').first().waitFor({ state: 'attached' });
  // What is no formula stays as it was written, and so does money.
  await written.getByText('$\\undefinedcommand{x}$').waitFor();
  await written.getByText('from $5 to $10').waitFor();
  const tasks = written.getByRole('checkbox');
  await becomes(() => tasks.evaluateAll((boxes) => boxes.map((box) => box.checked)), [true, false]);
  await written.locator('.formula').first().scrollIntoViewIfNeeded();
  await shot(page, 'thoughts-2-formulas');
  await accessible(page, 'a reply with formulas and tasks');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'thoughts-3-dark');
});
