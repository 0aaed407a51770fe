// Around a table that may be wider than its place. It can have the keyboard only while there is something to scroll to:
// whoever reads the table cell by cell would be thrown out of it, to what can have the keyboard around it. `isLines`: where
// there is no room for its columns, each row becomes a few lines of text.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export function TableFrame({ label, isLines = false, children }: { label: string; isLines?: boolean; children: ComponentChildren }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isCut, setCut] = useState(false);
  useLayoutEffect(() => {
    const element = frame.current!;
    const sizes = new ResizeObserver(() => setCut(element.scrollWidth > element.clientWidth));
    sizes.observe(element);
    for (const child of element.children) sizes.observe(child);
    return () => sizes.disconnect();
  }, []);
  return (
    <div ref={frame} class={`table-frame${isLines ? ' is-lines' : ''}`} role="region" aria-label={label} tabIndex={isCut ? 0 : undefined}>
      <table class="table">
        <caption class="ui-hidden">{label}</caption>
        {children}
      </table>
    </div>
  );
}
