// An artifact where it belongs, in a conversation: what it is, what can be done with it, and what is in it. `compact`
// leaves out the inside until it is asked for.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { ArtifactRef } from '../api/types.ts';
import { IconButton } from '../ui/buttons.tsx';
import { Icon } from '../ui/icon.tsx';
import './artifacts.css';
import { ArtifactBody } from './body.tsx';
import { FormatMenu, useFormats } from './format_menu.tsx';
import { iconOf, presentationOf } from './kinds.ts';
import { sizeText } from '../ui/format.ts';
import { openArtifact } from './opened.ts';

export function ArtifactView({ artifact, compact = false }: { artifact: ArtifactRef; compact?: boolean }) {
  const [open, setOpen] = useState(!compact);
  const { formats, look } = useFormats(artifact);
  const hasBody = presentationOf(artifact) !== 'file';
  const card = useRef<HTMLElement>(null);
  const near = useNear(card);
  return (
    <article class="artifact" ref={card} data-kind={presentationOf(artifact)} aria-label={`${artifact.kind} ${artifact.handle}`} onPointerEnter={look} onFocusIn={look}>
      <header class="artifact-head">
        <span class="artifact-icon">
          <Icon name={iconOf(artifact)} />
        </span>
        <button type="button" class="artifact-title" onClick={() => openArtifact(artifact.handle)}>
          <b>{artifact.handle}</b>
          <span class="ui-soft ui-small">
            {artifact.name} · {sizeText(artifact.size)}
          </span>
        </button>
        {compact && hasBody && (
          <IconButton icon={open ? 'chevron_down' : 'chevron_right'} label={open ? 'Hide' : 'Show'} expanded={open} onClick={() => setOpen(!open)} />
        )}
        <FormatMenu artifact={artifact} formats={formats} />
        <IconButton icon="expand" label={`Open ${artifact.handle}`} onClick={() => openArtifact(artifact.handle)} />
      </header>
      {open && hasBody && <div class="artifact-body">{near ? <ArtifactBody artifact={artifact} /> : <p class="artifact-pad ui-soft">…</p>}</div>}
    </article>
  );
}

/** Whether it came close to what is in sight, once: long conversations do not load what nobody scrolls to. */
function useNear(element: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setNear(true);
        seen.disconnect();
      },
      { rootMargin: '600px' },
    );
    seen.observe(element.current!);
    return () => seen.disconnect();
  }, []);
  return near;
}
