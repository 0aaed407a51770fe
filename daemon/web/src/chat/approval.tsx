// A tool call that waits for a person's word.

import { useState } from 'preact/hooks';
import { ApiError, sentenceOf } from '../api/client.ts';
import { type Decision, decide } from '../api/conversations.ts';
import { announce } from '../state/announcements.ts';
import { focusComposer } from '../state/composer.ts';
import { keepReason, readReason } from '../state/drafts.ts';
import type { Approval, ToolEffects } from '../api/types.ts';
import { titleOfTool, withTitles } from '../state/tools.ts';
import { Arguments } from './call_details.tsx';

export interface ApprovalBoxProps {
  approval: Approval;
  conversation: string;
  turn: string;
}

export function ApprovalBox({ approval, conversation, turn }: ApprovalBoxProps) {
  const title = titleOfTool(approval.name);
  const [reason, setReason] = useState(() => readReason(approval.tool_call_id));
  const [sent, setSent] = useState<Decision | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = async (decision: Decision): Promise<void> => {
    if (sent) return;
    setSent(decision);
    // The buttons go: the keyboard goes on where one writes.
    focusComposer();
    setProblem(null);
    try {
      await decide(conversation, turn, approval.tool_call_id, decision, decision === 'refuse' ? reason.trim() : '');
      keepReason(approval.tool_call_id, '');
      announce(decision === 'allow' ? 'Allowed.' : 'Refused.');
    } catch (error) {
      setProblem(sentenceOf(error));
      // Somebody else was faster: the stream tells what came of it.
      if (!(error instanceof ApiError && error.status === 409)) setSent(null);
    }
  };
  const write = (text: string): void => {
    setReason(text);
    keepReason(approval.tool_call_id, text);
  };
  return (
    <div class="approval" role="group" aria-label={`Approval of ${title}`}>
      <p>{withTitles(approval.message)}</p>
      <div class="approval-arguments" tabIndex={0} role="group" aria-label="What it is to be run with">
        <Arguments given={approval.arguments} />
      </div>
      <p class="approval-effects">
        {effectsOf(approval.effects).map(({ text, isGrave }) => (
          <span key={text} class={`ui-badge ${isGrave ? 'is-bad' : ''}`}>{text}</span>
        ))}
      </p>
      <label class="ui-small">
        <span class="ui-soft">Reason, if you refuse (the model is told)</span>
        <input class="ui-field" dir="auto" value={reason} maxLength={2_000} disabled={sent !== null} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <div class="approval-actions">
        <button type="button" class={`ui-button ${approval.effects.destructive ? '' : 'is-main'}`} disabled={sent !== null} onClick={() => void answer('allow')}>
          Allow<span class="ui-hidden"> {title}</span>
        </button>
        <button type="button" class="ui-button is-dangerous" disabled={sent !== null} onClick={() => void answer('refuse')}>
          Refuse<span class="ui-hidden"> {title}</span>
        </button>
        {sent && !problem && <span class="ui-soft">{sent === 'allow' ? 'Allowed.' : 'Refused.'}</span>}
      </div>
      {problem && <p class="ui-error" role="alert">{problem}</p>}
    </div>
  );
}

function effectsOf(effects: ToolEffects): { text: string; isGrave: boolean }[] {
  const all: [boolean, string, boolean][] = [
    [effects.destructive, 'destroys', true],
    [effects.writes, 'writes', false],
    [effects.network, 'uses the network', false],
    [effects.reads, 'reads', false],
  ];
  return all.filter(([is]) => is).map(([, text, isGrave]) => ({ text, isGrave }));
}
