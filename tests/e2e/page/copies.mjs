// A tab that is duplicated begins with what the first one has kept, large texts too. From then on each keeps its own.

import { becomes, keptLarge, run } from './browser.mjs';

await run('copies', async (browser) => {
  const page = await browser.page();
  const fieldOf = (tab) => tab.getByRole('textbox', { name: 'Message', exact: true });
  const large = (word) => `${word} `.repeat(40_000);
  const named = (tab) => tab.evaluate(() => Object.values(JSON.parse(sessionStorage.getItem('assistd.large') ?? '{}')));
  await fieldOf(page).fill(large('first'));
  await becomes(() => keptLarge(page), 1);
  const [original] = await named(page);

  const duplicate = async () => {
    const opened = page.waitForEvent('popup');
    // Such a window gets a copy of what the tab has kept, as a duplicated tab does.
    await page.evaluate(() => void open(location.href));
    const copy = await opened;
    await becomes(() => fieldOf(copy).inputValue(), large('first'));
    return copy;
  };
  const copy = await duplicate();
  await becomes(() => keptLarge(page), 2);
  await becomes(async () => (await named(copy)).includes(original), false);
  await becomes(() => named(page), [original]);

  await fieldOf(copy).fill(large('second'));
  await becomes(async () => (await named(copy)).length, 1);
  await copy.reload();
  await becomes(() => fieldOf(copy).inputValue(), large('second'));
  await page.reload();
  await becomes(() => fieldOf(page).inputValue(), large('first'));

  // What one of them has no use for any more, and closes, is the other's all the same: also at once.
  await fieldOf(copy).fill('');
  await becomes(() => keptLarge(page), 1);
  const another = await duplicate();
  await fieldOf(another).fill('');
  await becomes(() => named(another), []);
  await page.reload();
  await becomes(() => fieldOf(page).inputValue(), large('first'));
  await becomes(() => keptLarge(page), 1);
});
