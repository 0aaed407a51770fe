// A reply: its body, how it ended, and what can be done with it.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import { readTurn, readTurnMessages } from '../api/conversations.ts';
import { announce } from '../state/announcements.ts';
import { mayWrite } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { withTitles } from '../state/tools.ts';
import { CopyButton, IconButton } from '../ui/buttons.tsx';
import { timeText } from '../ui/format.ts';
import { FeedbackButtons } from './feedback.tsx';
import { TurnBody } from './turn_body.tsx';
import { isRunning, type TurnView, turnViewOf } from './turn_view.ts';

export interface TurnEntryProps {
  view: TurnView;
  conversation: string;
  // How many turns have answered the same message; the last one is part of the conversation.
  replies: number;
  // Absent where the message cannot be answered again.
  onRegenerate?: () => void;
  // Below the body: how the connection is.
  children?: ComponentChildren;
}

export function TurnEntry({ view, conversation, replies, onRegenerate, children }: TurnEntryProps) {
  const [sibling, setSibling] = useState<{ view: TurnView; number: number } | null>(null);
  useEffect(() => setSibling(null), [view.id, replies]);
  const shown = sibling?.view ?? view;
  return (
    <div class="turn">
      <TurnBody key={shown.id} view={shown} conversation={conversation} />
      <Ending view={shown} onRegenerate={onRegenerate} />
      {children}
      {isRunning(shown) ? (
        <div class="entry-actions-room" />
      ) : (
        <div class="entry-actions">
          {replies > 1 && view.id && (
            <Siblings
              conversation={conversation}
              turn={view.id}
              number={sibling?.number ?? replies}
              count={replies}
              onShow={(chosen, number) => setSibling(chosen ? { view: chosen, number } : null)}
            />
          )}
          {textOf(shown) && <CopyButton label="Copy the reply" text={() => textOf(shown)} />}
          {!sibling && mayWrite.value && <FeedbackButtons view={shown} conversation={conversation} />}
          {onRegenerate && !sibling && shown.state !== 'failed' && <IconButton small icon="refresh" label="Answer again" onClick={onRegenerate} />}
          <Facts view={shown} />
        </div>
      )}
    </div>
  );
}

// Where the same would fail again.
const finalErrors = new Set(['context_too_long', 'validation', 'invalid_request']);

// No connection to the model's server, or no reply on it: what is said of sockets is for whoever runs it.
const isAway = (error: TurnView['error']): boolean =>
  error !== null && (error.code === 'provider_timeout' || (error.code === 'provider_failed' && /could not be reached|instead of replying/.test(error.message)));
const away = 'The model does not answer at the moment. Your message is kept.';

function Ending({ view, onRegenerate }: { view: TurnView; onRegenerate?: () => void }) {
  if (view.state === 'cancelled') return <p class="turn-note">Stopped.</p>;
  if (view.state === 'completed' && view.parts.length === 0) return <p class="turn-note">Nothing was answered.</p>;
  if (view.state !== 'failed') return null;
  // Others have followed: what it failed of is all that is still of use.
  if (!onRegenerate) return <p class="turn-note" role="group" aria-label="The reply failed">{withTitles(view.error?.message ?? 'The reply failed.')}</p>;
  const wait = view.error?.retry_after_s;
  return (
    <div class="turn-failed" role="group" aria-label="The reply failed">
      {isAway(view.error) ? (
        <>
          <p>{away}</p>
          <details class="turn-why">
            <summary>Details</summary>
            <p>{view.error?.message}</p>
          </details>
        </>
      ) : (
        <p>{withTitles(view.error?.message ?? 'The reply failed.')}</p>
      )}
      {wait !== undefined && <p class="ui-small">It may work again in {wait} s.</p>}
      {!finalErrors.has(view.error?.code ?? '') && (
        <button type="button" class="ui-button is-small" onClick={onRegenerate}>
          Try again
        </button>
      )}
    </div>
  );
}

function textOf(view: TurnView): string {
  return view.parts
    .flatMap((part) => (part.kind === 'text' && part.text.trim() ? [part.text.trim()] : []))
    .join('\n\n');
}

// Who answered, when, and what it took.
function Facts({ view }: { view: TurnView }) {
  const { model, provider, usage, endedAt } = view;
  const who = provider && model && provider !== model ? `${provider} · ${model}` : model;
  const cost = usage?.cost ? `, $${usage.cost.toPrecision(2)}` : '';
  const tokens = usage ? `${usage.total_tokens.toLocaleString()} tokens${usage.estimated ? ' (estimated)' : ''}${cost}` : '';
  const text = [who, tokens, endedAt && timeText(endedAt)].filter(Boolean).join(' · ');
  return text ? <span class="turn-facts">{text}</span> : null;
}

interface SiblingsProps {
  conversation: string;
  turn: string;
  number: number;
  count: number;
  // Null is the one that the conversation goes on from.
  onShow: (view: TurnView | null, number: number) => void;
}

function Siblings({ conversation, turn, number, count, onShow }: SiblingsProps) {
  const [isLoading, setLoading] = useState(false);
  const show = async (wanted: number): Promise<void> => {
    if (wanted === count) {
      onShow(null, count);
      return announce(`Reply ${wanted} of ${count}.`);
    }
    setLoading(true);
    try {
      const { siblings = [] } = await readTurn(conversation, turn);
      const id = siblings[wanted - 1];
      if (!id) throw new Error('That reply is not kept any more.');
      const [{ messages }, about] = await Promise.all([readTurnMessages(conversation, id), readTurn(conversation, id)]);
      const view = turnViewOf(id, messages);
      onShow(about.state === 'running' ? view : { ...view, state: about.state, error: about.error }, wanted);
      announce(`Reply ${wanted} of ${count}.`);
    } catch (error) {
      showError(sentenceOf(error));
    } finally {
      setLoading(false);
    }
  };
  return (
    <div class="siblings" role="group" aria-label="Replies to this message">
      <IconButton small icon="back" label="The reply before" disabled={isLoading || number <= 1} onClick={() => void show(number - 1)} />
      <span>
        {number}/{count}
      </span>
      <IconButton small icon="chevron_right" label="The next reply" disabled={isLoading || number >= count} onClick={() => void show(number + 1)} />
    </div>
  );
}
