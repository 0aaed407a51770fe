// How the chat page does with a long conversation: how soon it is there, after a click and in a new window, how soon
// the page is painted first, and how evenly it scrolls. Puts the conversation into the daemon that it is given:
//
//   NODE tests/bench/long_conversation.mjs http://127.0.0.1:8080 [MESSAGES]
//
// NODE is the one of tests/e2e/node/node_modules/.bin, which tests/e2e/node/install.sh installs; Chromium is Debian's.

import { chromium } from '../e2e/node/node_modules/playwright-core/index.mjs';

const [base, wanted = '5000'] = process.argv.slice(2);
if (!base || !(Number(wanted) >= 2)) {
  console.error('Usage: long_conversation.mjs http://127.0.0.1:8080 [MESSAGES]');
  process.exit(2);
}
const count = 2 * Math.floor(Number(wanted) / 2); // the last one is a reply
const title = `Bench ${Date.now()}`;
const frames = 300;
const size = { width: 1280, height: 800 };

const reply = (i) => `Reply ${i}: **bold**, \`code\` and a list\n\n- one\n- two\n\n${'Clusters of soot grow at random. '.repeat(5)}`;

async function call(method, path, body) {
  const answer = await fetch(base + path, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// By the door that takes replies, too.
async function makeConversation() {
  const { id } = await call('POST', '/v1/threads', {});
  for (let i = 0; i < count; ++i)
    await call('POST', `/v1/threads/${id}/messages`, { role: i % 2 ? 'assistant' : 'user', content: i % 2 ? reply(i) : `${title}, question ${i}` });
  return id.replace(/^thread_/, 'conv_');
}

const at = (values, share) => values.sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(share * values.length))];
const told = (name, values) => console.log(`${name}: median ${at(values, 0.5).toFixed(1)} ms, p95 ${at(values, 0.95).toFixed(1)} ms, longest ${at(values, 1).toFixed(1)} ms`);

// From the click to the frame that shows the newest message.
const openByClick = (page) =>
  page.evaluate(async ([name, newest]) => {
    const link = [...document.querySelectorAll('a')].find((one) => one.textContent.includes(name));
    const began = performance.now();
    link.click();
    while (!document.body.innerText.includes(newest)) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - began;
  }, [title, `Reply ${count - 1}:`]);

const scroll = (page) =>
  page.evaluate(async (steps) => {
    const box = document.querySelector('.messages');
    const taken = [];
    let last = performance.now();
    for (let i = 0; i < steps; ++i) {
      box.scrollTop -= 120;
      await new Promise(requestAnimationFrame);
      taken.push(performance.now() - last);
      last = performance.now();
    }
    return taken;
  }, frames);

const conversation = await makeConversation();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const painted = [];
const clicked = [];
const loaded = [];
const scrolled = [];
for (let round = 0; round < 5; ++round) {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  await page.goto(base);
  await page.getByRole('link', { name: title }).first().waitFor();
  painted.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
  clicked.push(await openByClick(page));
  const began = performance.now();
  await page.goto(`${base}/c/${conversation}`);
  await page.getByText(`Reply ${count - 1}:`).waitFor();
  loaded.push(performance.now() - began);
  scrolled.push(...(await scroll(page)));
  await page.context().close();
}
await browser.close();
console.log(`A conversation of ${count} messages, ${clicked.length} times:`);
told('first paint of the page', painted);
told('opened by a click', clicked);
told('opened in a window of its own', loaded);
told('a frame while it scrolls', scrolled);
