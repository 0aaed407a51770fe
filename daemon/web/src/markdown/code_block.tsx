// A block of code: its language, a button that copies it, and its words in colour once it is complete.

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '../ui/buttons.tsx';
import type { ColouredText } from './colours.ts';

// Colouring long output costs more than it helps.
const longestColoured = 30_000;

export function CodeBlock({ language, text, isDone }: { language: string; text: string; isDone: boolean }) {
  const coloured = useColours(language, text, isDone);
  return (
    <figure class="code">
      <figcaption>
        <span>{language || 'text'}</span>
        <CopyButton label="Copy the code" text={() => text} />
      </figcaption>
      <pre tabIndex={0} aria-label={`Code, ${language || 'text'}`}>
        <code>{coloured ? coloured.map(shown) : text}</code>
      </pre>
    </figure>
  );
}

function shown(part: ColouredText, index: number): JSX.Element | string {
  return typeof part === 'string' ? part : <span key={index} class={`code-${part.kind}`}>{part.parts.map(shown)}</span>;
}

// The languages come when the first block of code does.
function useColours(language: string, text: string, isDone: boolean): ColouredText[] | null {
  const [coloured, setColoured] = useState<{ text: string; parts: ColouredText[] | null }>();
  const wanted = isDone && language !== '' && text.length <= longestColoured;
  useEffect(() => {
    if (!wanted) return;
    let isShown = true;
    import('./colours.ts').then(
      ({ coloursOf }) => isShown && setColoured({ text, parts: coloursOf(language, text) }),
      () => undefined,  // Without colours the code is as readable.
    );
    return () => {
      isShown = false;
    };
  }, [wanted, language, text]);
  return wanted && coloured?.text === text ? coloured.parts : null;
}
