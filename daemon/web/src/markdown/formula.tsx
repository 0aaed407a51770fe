// A formula of a reply; as it was written until what draws formulas is there, and where it is none that can be drawn.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const longest = 5_000;
let drawing: Promise<typeof import('./math.ts')> | null = null;
let drawn: typeof import('./math.ts') | null = null;

function load(): Promise<typeof import('./math.ts')> {
  drawing ??= import('./math.ts').then((loaded) => (drawn = loaded));
  // The daemon may be away: the next formula asks again.
  drawing.catch(() => (drawing = null));
  return drawing;
}

export function Formula({ text, isBlock }: { text: string; isBlock: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useLayoutEffect(() => {
    let isShown = true;
    setDrawn(false);
    const draw = (math: typeof import('./math.ts')): void => {
      if (!isShown || !place.current) return;
      try {
        place.current.replaceChildren(math.mathOf(bare(text), isBlock));
        setDrawn(true);
      } catch {
        // Written wrongly, or in a way that is not known: it is shown as it is.
        place.current.replaceChildren(text);
      }
    };
    if (place.current) place.current.textContent = text;
    if (text.length > longest) return;
    if (drawn) draw(drawn);
    else load().then(draw, () => undefined);
    return () => {
      isShown = false;
    };
  }, [text, isBlock]);
  return <span ref={place} class={`formula ${isBlock ? 'is-block' : ''} ${isDrawn ? 'is-drawn' : ''}`} {...(isBlock && { tabIndex: 0, role: 'group', 'aria-label': 'Formula' })} />;
}

// Without its dollars or brackets.
function bare(text: string): string {
  const length = text.startsWith('$') && !text.startsWith('$$') ? 1 : 2;
  return text.slice(length, -length).trim();
}
