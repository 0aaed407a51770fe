// Two tabs of one browser: what is logged in and out in one, the other learns of when one comes back to it.

import { answered, becomes, run, say } from './browser.mjs';

await run('tabs', async (browser) => {
  browser.allow(/status of 40[14]/);
  const logIn = async (tab, name) => {
    await tab.getByLabel('Name').fill(name);
    await tab.getByLabel('Password').fill('a long password');
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('button', { name: `Logged in as ${name}` }).waitFor();
  };
  const logOut = async (tab, name) => {
    await tab.getByRole('button', { name: `Logged in as ${name}` }).click();
    await tab.getByRole('menuitem', { name: 'Log out' }).click();
    await tab.getByRole('heading', { name: 'Log in to assistd' }).waitFor();
  };
  // Without a window there is none to come back to.
  const comeBack = (tab) => tab.evaluate(() => void dispatchEvent(new Event('focus')));
  const field = (tab) => tab.getByRole('textbox', { name: 'Message', exact: true });

  const one = await browser.page();
  await logIn(one, 'alice');
  const other = await one.context().newPage();
  await other.goto(one.url());
  await logOut(other, 'alice');
  await logIn(other, 'alice');

  // The same person by another login: nothing is lost, and what is said gets through.
  await field(one).fill('kept');
  const known = one.waitForResponse(/\/me$/);
  await comeBack(one);
  await known;
  await becomes(() => field(one).inputValue(), 'kept');
  await say(one, 'list algorithms');
  await answered(one);

  await logOut(other, 'alice');
  await field(one).fill('for alice alone');
  await comeBack(one);
  await one.getByText('Your login has ended.').waitFor();
  await logIn(other, 'alice');
  await comeBack(one);
  await becomes(() => field(one).inputValue(), 'for alice alone');

  // Somebody else: what was hers is not his.
  await logOut(other, 'alice');
  await logIn(other, 'bob');
  await comeBack(one);
  await one.getByRole('button', { name: 'Logged in as bob' }).waitFor();
  await becomes(() => field(one).count(), 0);
  await one.getByRole('link', { name: 'New chat' }).first().click();
  await becomes(() => field(one).inputValue(), '');
});
