// The message list's scrolling: it stays at the newest message unless the reader has scrolled up, what the reader looks at
// stays where it is when older messages are put above it, and whoever comes back to a conversation reads on there.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

// Whoever goes down to so near the end stays there; whoever goes up by more than a rounding error leaves it.
const nearEnd = 64;
const upwards = 1;

// Where a reader was who has left: an entry, how far below the list's upper edge it stood, and what was the newest then.
export interface ReadingPlace {
  entry: string;
  top: number;
  last: string | null;
}

export interface Scrolling {
  scroller: RefObject<HTMLDivElement>;
  content: RefObject<HTMLDivElement>;
  isAtEnd: boolean;
  // Something came below while the reader was elsewhere.
  hasNews: boolean;
  toEnd: () => void;
  // Leaves the end for it.
  toElement: (element: HTMLElement) => void;
}

// `shown` is what is shown, with the place that is kept for it: without one it begins at its end. `first` is the first entry, `last` changes with what is new, and is
// null where that is not among what is shown.
// `endsHere` is false when more follows below, so that the end is none to stay at.
export function useScrolling(shown: { place: ReadingPlace | null }, first: string | undefined, last: string | null, endsHere: boolean): Scrolling {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const lastTop = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);
  const [hasNews, setNews] = useState(false);
  const mayStick = useRef(endsHere);
  mayStick.current = endsHere;

  const toElement = (element: HTMLElement): void => {
    sticks.current = false;
    const box = scroller.current;
    if (!box) return;
    const space = box.clientHeight - element.offsetHeight;
    const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += top - Math.max(space / 2, 24);
    lastTop.current = box.scrollTop;
    setAtEnd(false);
    setNews(false);
  };

  const toEnd = (): void => {
    const box = scroller.current;
    if (!box) return;
    sticks.current = true;
    box.scrollTop = box.scrollHeight;
    lastTop.current = box.scrollTop;
    setAtEnd(true);
    setNews(false);
  };

  const lastBefore = useRef(last);
  useLayoutEffect(() => {
    const box = scroller.current;
    const { place } = shown;
    const kept = place && box?.querySelector(`[data-entry="${CSS.escape(place.entry)}"]`);
    if (place && box && kept) {
      sticks.current = false;
      box.scrollTop += topIn(box, kept) - place.top;
      lastTop.current = box.scrollTop;
      setAtEnd(false);
      setNews(place.last !== last);
    } else toEnd();
    return () => {
      shown.place = box && !sticks.current ? placeIn(box, lastBefore.current) : null;
    };
  }, [shown]);
  useEffect(() => {
    const isNew = last !== null && lastBefore.current !== null && last !== lastBefore.current;
    lastBefore.current = last;
    if (isNew && !sticks.current) setNews(true);
  }, [last]);

  useEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside) return;
    const onScroll = (): void => {
      const distance = box.scrollHeight - box.clientHeight - box.scrollTop;
      // Growing content moves the end away without anybody scrolling: only upwards means away. What shrinks moves upwards
      // too, and ends at the end.
      const isUpwards = box.scrollTop < lastTop.current - upwards;
      if (isUpwards && distance > upwards) sticks.current = false;
      else if (!isUpwards && distance <= nearEnd && mayStick.current) sticks.current = true;
      lastTop.current = box.scrollTop;
      setAtEnd(sticks.current || distance <= upwards);
      if (distance <= nearEnd) setNews(false);
    };
    const sizes = new ResizeObserver(() => {
      if (!sticks.current) return;
      box.scrollTop = box.scrollHeight;
      lastTop.current = box.scrollTop;
    });
    sizes.observe(inside);
    sizes.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, [shown]);

  useKeptPlace(scroller, content, first, sticks);
  return { scroller, content, isAtEnd, hasNews, toEnd, toElement };
}

const topIn = (box: HTMLElement, element: Element): number => element.getBoundingClientRect().top - box.getBoundingClientRect().top;

function placeIn(box: HTMLElement, last: string | null): ReadingPlace | null {
  // Below all of them is the reply that goes on, which is none of them yet.
  const element = visibleEntry(box, box)?.element ?? [...box.querySelectorAll('[data-entry]')].at(-1);
  const entry = element?.getAttribute('data-entry');
  return element && entry ? { entry, top: topIn(box, element), last } : null;
}

// The entry at the top of the window keeps its place when others are put above it.
function useKeptPlace(
  scroller: RefObject<HTMLDivElement>,
  content: RefObject<HTMLDivElement>,
  first: string | undefined,
  sticks: RefObject<boolean>,
): void {
  const anchor = useRef<{ element: Element; top: number } | null>(null);
  const before = useRef(first);
  if (before.current !== first) {
    // Still the old entries: this runs before the new ones are drawn.
    anchor.current = sticks.current ? null : visibleEntry(scroller.current, content.current);
    before.current = first;
  }
  useLayoutEffect(() => {
    const kept = anchor.current;
    const box = scroller.current;
    anchor.current = null;
    if (!kept || !box || !kept.element.isConnected) return;
    box.scrollTop += kept.element.getBoundingClientRect().top - kept.top;
  }, [first]);
}

function visibleEntry(box: HTMLElement | null, content: HTMLElement | null): { element: Element; top: number } | null {
  if (!box || !content) return null;
  const edge = box.getBoundingClientRect().top;
  for (const element of content.querySelectorAll('[data-entry]')) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > edge) return { element, top };
  }
  return null;
}
