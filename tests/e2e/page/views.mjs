// Every view in dark and light: no barrier that axe knows of, and what the first view costs.

import assert from 'node:assert/strict';

import { accessible, answered, call, run, say, shot } from './browser.mjs';

// What a person waits for before the page can be used, printed for whoever watches it over time.
async function measure(page) {
  const cost = await page.evaluate(() => {
    const resources = performance.getEntriesByType('resource').filter((one) => one.name.includes('/assets/'));
    const [document] = performance.getEntriesByType('navigation');
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {
      bytes: [document, ...resources].reduce((sum, one) => sum + one.transferSize, 0),
      requests: 1 + resources.length,
      paint: paint?.startTime ?? NaN,
    };
  });
  console.log(`first view: ${(cost.bytes / 1000).toFixed(1)} kB in ${cost.requests} requests, first paint after ${cost.paint.toFixed(0)} ms`);
}

async function furnish() {
  await call('POST', '/projects', { name: 'Soot' });
  const conversation = await call('POST', '/conversations', { title: 'Furnished' });
  await call('POST', `/conversations/${conversation.id}/chat`, { content: 'Run a DLA simulation with 200 particles, then analyze it and plot it' });
  await call('POST', `/conversations/${conversation.id}/chat`, { content: 'export the properties of simulation-1 as a csv file' });
  await call('POST', `/conversations/${conversation.id}/chat`, { content: 'study dla of 20 particles with sticking probability 0.5 and 1 and 2 seeds each' });
}

await run('views', async (browser) => {
  await furnish();
  for (const theme of ['light', 'dark']) {
    const page = await browser.page({ theme });
    await page.getByRole('list', { name: 'Examples' }).getByRole('button').first().waitFor();
    if (theme === 'light') await measure(page);
    const look = async (name) => {
      await page.waitForLoadState('networkidle');
      await shot(page, `views-${theme}-${name}`);
      await accessible(page, `${name}, ${theme}`);
    };
    const open = (path) => page.goto(new URL(path, page.url()).href);
    await look('new-chat');

    await page.getByRole('link', { name: /^Furnished/ }).click();
    await page.getByText('Grew a 3-D DLA cluster').first().waitFor();
    await look('conversation');
    await say(page, 'What is **this**? `code`\n\n```python\nprint(1)\n```');
    await answered(page);
    await look('answered');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard shortcuts (?)' }).click();
    await look('shortcuts');
    await page.keyboard.press('Escape');

    await open('/documents');
    if (theme === 'light') {
      const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text, 'latin1') });
      await page.setInputFiles('input[aria-label^="Files to add"]', [file('notes.txt', 'Spheres of soot.'), file('empty.txt', ''), file('picture.png', '\x89PNG\r\n\x1a\nnothing')]);
    }
    await page.locator('.document[data-status=completed]').first().waitFor();
    await page.locator('.document[data-status=failed]').first().waitFor();
    await page.getByRole('main').getByRole('searchbox').fill('soot');
    await page.keyboard.press('Enter');
    await page.locator('.found-passage mark').first().waitFor();
    await look('documents');

    await open('/artifacts');
    await page.locator('.artifact-tile').first().waitFor();
    await look('files');
    for (const handle of ['simulation-1', 'analysis-1', 'plot-1', 'table-1', 'study-1']) {
      await open(`/artifacts/${handle}`);
      await page.getByRole('dialog', { name: handle }).getByText('SHA-256').waitFor();
      await look(handle);
    }
    for (const section of ['', 'plugins', 'providers', 'jobs', 'studies', 'usage', 'audit']) {
      await open(`/admin/${section}`);
      await page.getByRole('heading', { name: 'Administration' }).waitFor();
      await look(`admin-${section || 'overview'}`);
    }
    // A mistyped address.
    if (theme === 'light') browser.allow(/404/);
    const reply = await open('/documentz/new');
    assert.equal(reply.status(), 404);
    await page.getByText('There is no page at /documentz/new.').waitFor();
    await look('nothing-here');
    await page.context().close();
  }
});
