// Whoever uses the keyboard stays where they were when what had the focus goes: a row that was deleted, a button whose work
// is done. Browsers would put them at the beginning of the page. Once, for the whole page.

const focusable = 'a[href], button:not([disabled]), input:not([disabled]):not([hidden]), select:not([disabled]), textarea:not([disabled]), summary';

interface Place {
  element: Element;
  parents: Element[];
  // Among its siblings, of the parent with the same place in `parents`.
  indices: number[];
}

export function keepFocus(): void {
  let place: Place | null = null;
  let isByKeys = false;
  // For a finger the keyboard on the screen would open, and for a mouse there is nothing to keep.
  addEventListener('keydown', () => (isByKeys = true), { capture: true });
  addEventListener('pointerdown', () => (isByKeys = false), { capture: true });
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) place = placeOf(target);
  });
  new MutationObserver(() => {
    if (!place || place.element.isConnected) return;
    const left = place;
    place = null;
    // What was done has its own idea of where to go on more often than not: that comes first.
    if (isByKeys) requestAnimationFrame(() => !hasFocus() && goOn(left));
  }).observe(document.body, { childList: true, subtree: true });
}

const hasFocus = (): boolean => document.activeElement !== null && document.activeElement !== document.body;

function placeOf(element: Element): Place {
  const place: Place = { element, parents: [], indices: [] };
  for (let child = element, parent = child.parentElement; parent; child = parent, parent = child.parentElement) {
    place.parents.push(parent);
    place.indices.push([...parent.children].indexOf(child));
  }
  return place;
}

function goOn({ parents, indices }: Place): void {
  const at = parents.findIndex((parent) => parent.isConnected);
  for (const [index, parent] of [...parents.entries()].slice(Math.max(0, at))) {
    const next = within(parent, indices[index] ?? 0);
    if (!next) continue;
    next.focus({ preventScroll: parent.tagName !== 'UL' });
    return;
  }
}

// What has come into its place, what was before it, or the view's heading.
function within(parent: Element, index: number): HTMLElement | null {
  if (parent.matches('main, .page, body')) return headingOf(parent);
  const near = [parent.children[index], parent.children[index - 1]];
  return near.map((child) => (child ? firstIn(child) : null)).find(Boolean) ?? firstIn(parent);
}

function firstIn(element: Element): HTMLElement | null {
  const all = [...(element.matches(focusable) ? [element] : []), ...element.querySelectorAll(focusable)];
  return all.find((one): one is HTMLElement => one instanceof HTMLElement && one.checkVisibility() && one.tabIndex >= 0) ?? null;
}

function headingOf(parent: Element): HTMLElement | null {
  const heading = parent.querySelector<HTMLElement>('h1');
  heading?.setAttribute('tabindex', '-1');
  return heading;
}
