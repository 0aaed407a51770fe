// What screen readers are told of a turn: that it works, which tools ran, and the reply once it is complete. Not every
// piece of text as it streams in.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { titleOfTool } from '../state/tools.ts';
import type { CallPart, TurnView } from './turn_view.ts';

const announced = signal('');

export function Announcer() {
  return (
    <div class="ui-hidden" role="status" aria-live="polite">
      {announced.value}
    </div>
  );
}

export function useAnnouncements(view: TurnView): void {
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const sentence of sentencesOf(view)) {
      if (told.current.has(sentence)) continue;
      told.current.add(sentence);
      announced.value = sentence;
    }
  }, [view]);
}

function sentencesOf(view: TurnView): string[] {
  const calls = view.parts.filter((part): part is CallPart => part.kind === 'call');
  const sentences = calls.map((call) => sentenceOfCall(call));
  if (view.state === 'running' && view.parts.length === 0) sentences.push('assistd is answering.');
  if (view.state === 'failed') sentences.push(`The reply failed: ${view.error?.message ?? ''}`);
  if (view.state === 'cancelled') sentences.push('The reply was stopped.');
  if (view.state === 'completed') {
    const last = view.parts.findLast((part) => part.kind === 'text');
    sentences.push(`Reply: ${last?.kind === 'text' ? last.text.slice(0, 1_000) : 'nothing was said.'}`);
  }
  return sentences;
}

function sentenceOfCall(call: CallPart): string {
  const title = titleOfTool(call.name);
  switch (call.state) {
    case 'running':
      return `${title} is running.`;
    case 'waiting':
      return `${title} waits for your approval.`;
    case 'background':
      return `${title} goes on in the background.`;
    case 'done':
      return `${title} is done. ${call.summary}`;
    case 'failed':
      return `${title} failed. ${call.summary}`;
    case 'unfinished':
      return `${title} did not finish.`;
  }
}
