// What a tool was given and what it gave, to read when its card is opened.

import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import { readTurnMessages } from '../api/conversations.ts';
import type { Json } from '../api/types.ts';
import { CopyButton } from '../ui/buttons.tsx';
import { type CallPart, turnViewOf } from './turn_view.ts';

// Longer results are downloaded, not read.
const longestShown = 20_000;

export interface CallDetailsProps {
  call: CallPart;
  conversation: string;
  turn: string | null;
  // Its card shows what came of it.
  isFollowed: boolean;
}

export function CallDetails({ call, conversation, turn, isFollowed }: CallDetailsProps) {
  const found = useResult(call, conversation, turn);
  const { result, problem } = isFollowed ? { result: undefined, problem: null } : found;
  return (
    <div class="call-details">
      <Arguments given={call.arguments} />
      {result !== undefined && <JsonText title="Result" text={prettyText(result)} />}
      {result === undefined && problem && <p class="ui-error">{problem}</p>}
      <p class="ui-small ui-soft">
        <code>{call.name}</code>
      </p>
    </div>
  );
}

export function Arguments({ given }: { given: Json }) {
  const isPlain = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (!isPlain) return given === null ? null : <JsonText title="Arguments" text={prettyText(given)} />;
  const names = Object.entries(given);
  if (names.length === 0) return <p class="ui-small ui-soft">Without arguments.</p>;
  return (
    <dl class="arguments">
      {names.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{textOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

// On one line, to tell calls of the same tool apart.
export function textOfArguments(given: Json): string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return '';
  return Object.entries(given).map(([name, value]) => `${name} ${textOf(value)}`).join(' · ');
}

function JsonText({ title, text }: { title: string; text: string }) {
  const isCut = text.length > longestShown;
  return (
    <figure class="code">
      <figcaption>
        <span>{isCut ? `${title} (its first ${longestShown.toLocaleString()} characters)` : title}</span>
        <CopyButton label={`Copy: ${title}`} text={() => text} />
      </figcaption>
      <pre tabIndex={0} aria-label={title}>
        <code>{isCut ? text.slice(0, longestShown) : text}</code>
      </pre>
    </figure>
  );
}

// As one would say it; what has structure, as it is written.
function textOf(value: Json): string {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' || typeof one === 'number')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const prettyText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

// Events do not bring results: what the daemon has stored of the turn does.
export function useResult(call: CallPart, conversation: string, turn: string | null): { result: Json | undefined; problem: string | null } {
  const [found, setFound] = useState<Json | undefined>(call.result);
  const [problem, setProblem] = useState<string | null>(null);
  const hasEnded = call.state === 'done' || call.state === 'failed' || call.state === 'background';
  useEffect(() => {
    if (call.result !== undefined || !turn || !hasEnded) return;
    let isShown = true;
    readTurnMessages(conversation, turn).then(
      ({ messages }) => {
        const same = turnViewOf(turn, messages).parts.find((part) => part.kind === 'call' && part.id === call.id);
        if (isShown && same?.kind === 'call') setFound(same.result);
      },
      (error: unknown) => isShown && setProblem(sentenceOf(error)),
    );
    return () => {
      isShown = false;
    };
  }, [call.id, call.result, turn, hasEnded]);
  return { result: call.result ?? found, problem };
}
