// What a turn says and does, part by part; the same for one that streams and for one that is stored.

import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { openArtifact } from '../artifacts/opened.ts';
import { CitationContext, Markdown, NameContext, TextContext } from '../markdown/markdown.tsx';
import { fillComposer } from '../state/composer.ts';
import { mayWrite } from '../state/session.ts';
import { withTitles } from '../state/tools.ts';
import { CitationChip, CitationsOfMessage, SourceList } from './citations.tsx';
import { sayingsIn } from './sayings.ts';
import { ToolCard } from './tool_card.tsx';
import { isRunning, type TextPart, type TurnView } from './turn_view.ts';

export function TurnBody({ view, conversation }: { view: TurnView; conversation: string }) {
  const last = view.parts.at(-1);
  // Between two rounds nothing of its own shows that the model is asked again.
  const showName = useNames(view);
  const isPausing = isRunning(view) && (!last || (last.kind === 'call' ? !['running', 'waiting'].includes(last.state) : last.completed));
  return (
    <div class="turn-body">
      {view.parts.map((part) =>
        part.kind === 'text' ? (
          <NameContext.Provider key={part.id} value={showName}>
            <TextContext.Provider value={view.provider === 'offline' && mayWrite.value ? showSayings : null}>
              <Said part={part} isTurnRunning={isRunning(view)} />
            </TextContext.Provider>
          </NameContext.Provider>
        ) : (
          <ToolCard key={part.id} call={part} conversation={conversation} turn={view.id} said={isSaid(view, part.summary) ? part.summary : ''} />
        ),
      )}
      {isPausing && <Pausing />}
    </div>
  );
}

// Replies often repeat what a call's result says of itself.
const isSaid = (view: TurnView, summary: string): boolean => view.parts.some((part) => part.kind === 'text' && part.text.includes(summary));

// The files that the turn has made are opened by their names, too.
function useNames(view: TurnView): (name: string) => ComponentChildren {
  const made = view.parts.flatMap((part) => (part.kind === 'call' ? part.artifacts.map((one) => one.handle) : [])).join(' ');
  return useMemo(() => {
    const handles = new Set(made.split(' '));
    return (name) =>
      handles.has(name) ? (
        <button type="button" class="artifact-link" onClick={() => openArtifact(name)}>
          {name}
        </button>
      ) : null;
  }, [made]);
}

// What is proposed is put into the composer, to be read and changed before it is sent.
function showSayings(text: string): ComponentChildren {
  const pieces = sayingsIn(text);
  if (pieces.length === 0) return null;
  return pieces.map(({ text, saying }, at) =>
    saying ? (
      <button type="button" key={at} class="saying" onClick={() => fillComposer(saying)}>
        {text}
      </button>
    ) : (
      text
    ),
  );
}

const Pausing = () => (
  <div class="pausing" aria-hidden="true">
    <span />
    <span />
    <span />
  </div>
);

const showCitation = (marker: string) => <CitationChip marker={marker} />;

function Said({ part, isTurnRunning }: { part: TextPart; isTurnRunning: boolean }) {
  const isGrowing = isTurnRunning && !part.completed;
  const isThinking = isGrowing && part.text === '';
  const body = useMemo(
    () => (part.text ? <Markdown text={part.text} isGrowing={isGrowing} /> : null),
    [part.text, isGrowing],
  );
  return (
    <CitationContext.Provider value={showCitation}>
      <CitationsOfMessage.Provider value={part.citations}>
        <div class="turn-part" data-message={part.id} tabIndex={-1}>
          {part.thinking && <Thinking text={part.thinking} isGoingOn={isThinking} />}
          {body}
          {part.note && <p class="turn-note">{withTitles(part.note)}</p>}
          <SourceList citations={part.citations} />
        </div>
      </CitationsOfMessage.Provider>
    </CitationContext.Provider>
  );
}

function Thinking({ text, isGoingOn }: { text: string; isGoingOn: boolean }) {
  return (
    <details class="thinking">
      <summary>{isGoingOn ? 'Thinking …' : 'Thoughts'}</summary>
      <div class="thinking-text" dir="auto">{text}</div>
    </details>
  );
}
