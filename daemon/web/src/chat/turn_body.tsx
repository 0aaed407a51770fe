// What a turn says and does, part by part; the same for one that streams and for one that is stored.

import { useMemo } from 'preact/hooks';
import { CitationContext, Markdown } from '../markdown/markdown.tsx';
import { CitationChip, CitationsOfMessage, SourceList } from './citations.tsx';
import { ToolCard } from './tool_card.tsx';
import { isRunning, type TextPart, type TurnView } from './turn_view.ts';

export function TurnBody({ view, conversation }: { view: TurnView; conversation: string }) {
  const last = view.parts.at(-1);
  // Between two rounds nothing of its own shows that the model is asked again.
  const isPausing = isRunning(view) && (!last || (last.kind === 'call' ? !['running', 'waiting'].includes(last.state) : last.completed));
  return (
    <div class="turn-body">
      {view.parts.map((part) =>
        part.kind === 'text' ? (
          <Said key={part.id} part={part} isTurnRunning={isRunning(view)} />
        ) : (
          <ToolCard key={part.id} call={part} conversation={conversation} turn={view.id} />
        ),
      )}
      {isPausing && <Pausing />}
    </div>
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
          {part.note && <p class="turn-note">{part.note}</p>}
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
      <div class="thinking-text">{text}</div>
    </details>
  );
}
