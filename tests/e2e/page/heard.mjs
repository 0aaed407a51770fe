// What a screen reader is given: all that live regions and alerts say, and what has the focus.

import { until } from './browser.mjs';

// All that live regions and alerts say from now on, in this page, until it is loaded again.
export async function listen(page) {
  await page.evaluate(() => {
    globalThis.heard = [];
    const isLive = (node) => node.closest?.('[aria-live=polite], [role=alert]');
    // What is behind an open dialog is not there for screen readers.
    const isBehind = (node) => document.querySelector('dialog[open]') && !node.closest('dialog[open]');
    new MutationObserver((changes) => {
      for (const { target, addedNodes, type } of changes) {
        const added = type === 'characterData' ? [target] : [...addedNodes];
        for (const node of added) {
          const alert = node.nodeType === Node.ELEMENT_NODE ? (node.matches('[role=alert]') ? node : node.querySelector('[role=alert]')) : null;
          const region = alert ?? isLive(node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
          const text = (alert ?? node).textContent.trim();
          if (region && text && !isBehind(region)) globalThis.heard.push(text);
        }
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

export const heard = (page) => page.evaluate(() => globalThis.heard);
export const hears = (page, what) => until(async () => (await heard(page)).some((text) => what.test(text)), `${what} being said`);
export const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim());
export const hasFocus = (page) => page.evaluate(() => document.activeElement !== document.body);
export const focusOn = (page, name) => until(async () => name.test(await focused(page)), `focus on ${name}`);
