// Long conversations are drawn in chunks of entries. Those far away from what is looked at are empty boxes of the same
// height, so that thousands of messages cost no more than a few. Short conversations are drawn whole.

import type { ComponentChildren, RefObject } from 'preact';
import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Numbering } from './numbering.ts';

const perChunk = 10;
const drawnWhole = 20;
const near = '2000px 0px';

export interface Chunk<T> {
  // Stays the same when others come before or behind.
  number: number;
  items: T[];
}

// `zero` is the place at which the chunk with the number 0 begins; what stands before it has negative numbers.
export function chunksOf<T>(items: T[], zero: number): Chunk<T>[] {
  const chunks: Chunk<T>[] = [];
  items.forEach((item, index) => {
    const number = Math.floor((index - zero) / perChunk);
    const last = chunks.at(-1);
    if (last?.number === number) last.items.push(item);
    else chunks.push({ number, items: [item] });
  });
  return chunks;
}

export interface ChunksProps<T> {
  items: T[];
  keyOf: (item: T) => string;
  scroller: RefObject<HTMLElement>;
  // Called anew for a chunk only when its items or `version` have changed.
  draw: (item: T) => ComponentChildren;
  version: string;
}

export function Chunks<T>({ items, keyOf, scroller, draw, version }: ChunksProps<T>) {
  const numbering = useRef<Numbering>();
  numbering.current ??= new Numbering();
  const chunks = chunksOf(items, numbering.current.zeroOf(items.map(keyOf)));
  const { series } = numbering.current;
  const isLong = chunks.length > drawnWhole;
  return (
    <>
      {chunks.map(({ number, items: inside }, index) => (
        <DrawnChunk
          key={`${series} ${number}`}
          items={inside}
          draw={draw as (item: unknown) => ComponentChildren}
          version={version}
          scroller={scroller}
          mayRest={isLong && index < chunks.length - 2}
        />
      ))}
    </>
  );
}

interface DrawnChunkProps {
  items: unknown[];
  draw: (item: unknown) => ComponentChildren;
  version: string;
  scroller: RefObject<HTMLElement>;
  mayRest: boolean;
}

const DrawnChunk = memo(
  function DrawnChunk({ items, draw, scroller, mayRest }: DrawnChunkProps) {
    const box = useRef<HTMLDivElement>(null);
    // How high it was when it went out of sight; null while it is drawn.
    const [heightAtRest, setRestingHeight] = useState<number | null>(null);
    // At once when it may not rest any more: something in it may be looked for.
    const restingHeight = mayRest ? heightAtRest : null;
    useEffect(() => {
      const element = box.current;
      if (!mayRest || !element) {
        setRestingHeight(null);
        return;
      }
      const watch = new IntersectionObserver(
        (seen) => {
          const isNear = seen.at(-1)?.isIntersecting ?? true;
          if (isNear) setRestingHeight(null);
          // What is being typed there, or has the focus, must not go.
          else if (!element.contains(document.activeElement) && !element.querySelector('.editor, dialog'))
            setRestingHeight((height) => height ?? element.offsetHeight);
        },
        { root: scroller.current, rootMargin: near },
      );
      watch.observe(element);
      return () => watch.disconnect();
    }, [mayRest]);
    useLayoutEffect(() => {
      if (box.current) box.current.style.height = restingHeight === null ? '' : `${restingHeight}px`;
    }, [restingHeight]);
    return <div ref={box}>{restingHeight === null && items.map(draw)}</div>;
  },
  (before, after) =>
    before.version === after.version &&
    before.mayRest === after.mayRest &&
    before.items.length === after.items.length &&
    before.items.every((item, index) => item === after.items[index]),
);
