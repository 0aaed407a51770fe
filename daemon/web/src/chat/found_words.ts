// The words of a search, marked in what it has led to. Drawn by the browser over the text, which stays as it is.

import { highlight } from '../documents/highlight.ts';

const name = 'found';

// Until the function that is returned is called.
export function markWords(element: HTMLElement, query: string): () => void {
  if (!query || typeof Highlight === 'undefined') return () => undefined;
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    let at = 0;
    for (const { text, isHit } of highlight(node.textContent ?? '', query)) {
      if (isHit) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        ranges.push(range);
      }
      at += text.length;
    }
  }
  CSS.highlights.set(name, new Highlight(...ranges));
  return () => void CSS.highlights.delete(name);
}
