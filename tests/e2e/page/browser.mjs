// What every test of the page stands on: a Chromium that watches for what must never happen (errors on the console,
// requests to other hosts, breaches of the content security policy), pictures of each step, and a way to ask the
// Python test that started this for things that only it can do, such as killing the daemon.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';

import { chromium } from '../node/node_modules/playwright-core/index.mjs';

export const base = process.env.ASSISTD_PAGE_URL;
export const api = `${base}/api/v1/ai`;
const shots = process.env.ASSISTD_PAGE_SHOTS;
const patienceMs = 60_000;
const axeSource = readFileSync(new URL('../node/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// Has the Python test do something, and gives what that returns.
export async function ask(name, ...given) {
  console.log(`@${JSON.stringify([name, ...given])}`);
  const { value, done } = await answers.next();
  if (done) throw new Error('The test that started this has gone.');
  return JSON.parse(value);
}

export class Browser {
  static async open() {
    const browser = await chromium.launch({
      executablePath: process.env.ASSISTD_CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    return new Browser(browser);
  }

  constructor(browser) {
    this.browser = browser;
    this.wrong = [];
    this.allowed = [];
  }

  // A page with a profile of its own; `at` is another address of the daemon.
  async page({ size = 'desk', theme = 'light', path = '/', at = base, ...options } = {}) {
    const context = await this.browser.newContext({
      viewport: sizes[size], colorScheme: theme, reducedMotion: 'reduce', hasTouch: size === 'phone', locale: 'en-US', ...options,
    });
    context.setDefaultTimeout(patienceMs);
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error(`The content security policy forbids ${event.violatedDirective}: ${event.blockedURI}`));
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.note(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.note(`error in the page: ${error.stack ?? error}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (origin !== at && protocol !== 'blob:' && protocol !== 'data:') this.note(`request to another host: ${request.url()}`);
    });
    await page.goto(at + path);
    return page;
  }

  // What a test brings about on purpose, such as the connection errors of a killed daemon.
  allow(pattern) {
    this.allowed.push(pattern);
  }

  note(text) {
    this.wrong.push(text);
  }

  check() {
    const wrong = this.wrong.filter((text) => !this.allowed.some((pattern) => pattern.test(text)));
    assert.deepEqual(wrong, []);
  }
}

// Runs the steps with a browser, and leaves a picture of what was there when one fails.
export async function run(name, steps) {
  const browser = await Browser.open();
  try {
    await steps(browser);
    browser.check();
  } catch (error) {
    for (const context of browser.browser.contexts())
      for (const page of context.pages()) await shot(page, `${name}-failed`).catch(() => undefined);
    console.error(error.stack ?? error, browser.wrong);
    process.exitCode = 1;
  } finally {
    await browser.browser.close();
    process.stdin.destroy();
  }
}

export async function shot(page, name) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

// Fails with what a person who cannot see, or use a mouse, or who speaks the names of buttons, would stumble over.
export async function accessible(page, where) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } } });
    return result.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} — ${node.failureSummary}`) }));
  });
  assert.deepEqual(violations, [], `barriers in ${where}`);
}

// What is done after so long does not come to be done: no machine is too slow to press Undo in time, and nothing goes
// away by itself before the test has seen what takes it away. Until the page is loaded again.
export async function nothingIsDoneAfter(page, milliseconds) {
  await page.evaluate((never) => {
    const soon = globalThis.setTimeout;
    globalThis.setTimeout = (run, after, ...rest) => (after === never ? 0 : soon(run, after, ...rest));
  }, milliseconds);
}

export const undoIsPatient = (page) => nothingIsDoneAfter(page, 20_000);

// Polls until the condition gives something true, and gives that.
export async function until(condition, what, everyMs = 30) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

// Polls until what is read is what is wanted: the page draws, and moves the focus, a moment after what brings it about.
export async function becomes(read, wanted) {
  let seen;
  try {
    await until(async () => isDeepStrictEqual((seen = await read()), wanted), '');
  } catch (error) {
    assert.deepEqual(seen, wanted);
    throw error;
  }
}

// The form has put the keyboard where something is to be corrected. Who fills its fields before fills that one.
export const inHand = (field) => becomes(() => field.evaluate((one) => one === document.activeElement), true);

export async function call(method, path, body) {
  const reply = await fetch(api + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${await reply.clone().text()}`);
  return reply.status === 204 ? null : reply.json();
}

// Says something in the chat that is open; returns when it stands there.
export async function say(page, text) {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.keyboard.press('Enter');
  await page.locator('.bubble').last().getByText(text, { exact: true }).waitFor();
}

// A double click whose second click comes when the first has had its effect: something else may be there then.
export async function twice(page, target, effect) {
  await target.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await target.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  for (const clickCount of [1, 2]) {
    await page.mouse.down({ clickCount });
    await page.mouse.up({ clickCount });
    if (clickCount === 1) await effect();
  }
}

// How many texts are in the browser's larger store.
export const keptLarge = (page) =>
  page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('assistd');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const counting = opening.result.transaction('texts').objectStore('texts').count();
      counting.onerror = () => reject(counting.error);
      counting.onsuccess = () => resolve(counting.result);
      opening.result.close();
    };
  }));

// The reply to what was said last, when it has come to its end.
export async function answered(page) {
  await page.waitForFunction(() => {
    const last = [...document.querySelectorAll('.bubble, .turn')].at(-1);
    return last?.matches('.turn') && last.querySelector(':scope > .entry-actions') !== null;
  });
  return page.locator('.turn').last();
}
