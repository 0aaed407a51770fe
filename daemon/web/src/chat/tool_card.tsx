// A tool call: what runs, how far it is, what came of it; opened, its arguments and result. Its files stand below it.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import { cancelJob } from '../api/conversations.ts';
import { ArtifactView } from '../artifacts/artifact_view.tsx';
import { jobs } from '../state/jobs.ts';
import { mayWrite } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { titleOfTool, withTitles } from '../state/tools.ts';
import { percentText } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { ApprovalBox } from './approval.tsx';
import { CallDetails, textOfArguments } from './call_details.tsx';
import { StudyCard, studyTool } from './study_card.tsx';
import type { CallPart, CallState } from './turn_view.ts';

export interface ToolCardProps {
  call: CallPart;
  conversation: string;
  turn: string | null;
  // The call's summary where the reply has it word for word: once is enough. Else empty.
  said?: string;
}

export function ToolCard(props: ToolCardProps) {
  const { call } = props;
  if (call.jobId) return <JobCard {...props} jobId={call.jobId} />;
  if (call.name === studyTool && call.state === 'done') return <StudyCard {...props} />;
  return <Card {...props} />;
}

// A call that went on in the background is as far as its job is.
function JobCard({ jobId, ...props }: ToolCardProps & { jobId: string }) {
  const { value: job, error } = jobs.watch(jobId).value;
  if (!job) return <Card {...props} call={{ ...props.call, summary: error ?? props.call.summary }} />;
  if (job.state === 'running') {
    const call: CallPart = { ...props.call, state: 'background', fraction: job.progress, note: job.note ?? '', summary: '' };
    const stop = (): void => {
      cancelJob(jobId).catch((problem: unknown) => showError(sentenceOf(problem)));
    };
    return <Card {...props} call={call} onStop={stop} />;
  }
  const call: CallPart = {
    ...props.call,
    state: job.state === 'completed' ? 'done' : job.state === 'cancelled' ? 'stopped' : 'failed',
    summary: job.state === 'cancelled' ? '' : (job.summary ?? ''),
    errorType: job.result?.error?.error_type ?? null,
    artifacts: job.result?.artifacts ?? [],
  };
  return <Card {...props} call={call} />;
}

interface CardProps extends ToolCardProps {
  onStop?: () => void;
  // What came of it is shown by the card: the result that the call gave is how it was when it began.
  isFollowed?: boolean;
  // Below what the call says itself.
  children?: ComponentChildren;
}

export function Card({ call, conversation, turn, said = '', onStop, isFollowed = false, children }: CardProps) {
  const [isOpen, setOpen] = useState(false);
  const details = useId();
  const title = titleOfTool(call.name);
  const isRunning = call.state === 'running' || call.state === 'background';
  const isSaid = call.summary !== '' && call.summary === said;
  // Opened, it has its arguments below.
  const note = !(isSaid && call.state === 'done') ? noteOf(call) : isOpen ? '' : textOfArguments(call.arguments);
  return (
    <div class={`call is-${call.state}`}>
      <div class="call-head">
        <button type="button" class="call-title" aria-expanded={isOpen} aria-controls={details} onClick={() => setOpen(!isOpen)}>
          <StateIcon state={call.state} />
          <span class="call-name">
            {title}
            <span class="ui-hidden">{toldOf(call, note)}</span>
          </span>
          <span class="call-note">{note}</span>
          <span class={`call-chevron ${isOpen ? 'is-open' : ''}`}>
            <Icon name="chevron_right" size={16} />
          </span>
        </button>
        {onStop && mayWrite.value && (
          <button type="button" class="ui-button is-small" onClick={onStop}>
            Stop<span class="ui-hidden"> {title}</span>
          </button>
        )}
      </div>
      {isRunning && <progress class="ui-progress" aria-label={`${title}: progress`} max={1} value={call.fraction ?? 0} />}
      {call.state === 'failed' && call.summary && !isSaid && <p class="call-error">{withTitles(call.summary)}</p>}
      {call.approval && turn && mayWrite.value && <ApprovalBox approval={call.approval} conversation={conversation} turn={turn} />}
      {children}
      <div id={details} hidden={!isOpen}>
        {isOpen && <CallDetails call={call} conversation={conversation} turn={turn} isFollowed={isFollowed} />}
      </div>
      {call.artifacts.length > 0 && (
        <div class="call-artifacts">
          {call.artifacts.map((artifact) => (
            <ArtifactView key={artifact.id} artifact={artifact} />
          ))}
        </div>
      )}
    </div>
  );
}

// What the colour and the sign tell, where the note does not.
const told: Partial<Record<CallState, string>> = { running: 'running', background: 'goes on in the background', done: 'done', unfinished: 'did not finish' };

function toldOf(call: CallPart, note: string): string {
  const state = call.state === 'unfinished' && !call.summary ? undefined : told[call.state];
  // A colon by itself would stand after a space: screen readers read what is hidden as a word of its own.
  return state ? ` ${state}${note ? ':' : ''}` : '';
}

const noteOf = (call: CallPart): string => withTitles(noteIn(call));

function noteIn(call: CallPart): string {
  switch (call.state) {
    case 'running':
    case 'background': {
      const far = call.fraction ? percentText(call.fraction) : call.state === 'background' ? 'In the background' : '';
      return [far, call.note].filter(Boolean).join(' · ');
    }
    case 'waiting':
      return 'Waits for your approval';
    case 'unfinished':
      return call.summary || 'Did not finish';
    case 'stopped':
      return call.summary || 'Stopped';
    case 'failed':
      return call.errorType === 'PermissionError' ? 'Refused' : 'Failed';
    case 'done':
      return call.summary;
  }
}

const icons: Record<CallState, IconName> = {
  running: 'tool', waiting: 'shield', background: 'tool', done: 'check', failed: 'failed', stopped: 'stop', unfinished: 'stop',
};

function StateIcon({ state }: { state: CallState }) {
  if (state === 'running' || state === 'background') return <span class="spinner" aria-hidden="true" />;
  return (
    <span class="call-icon">
      <Icon name={icons[state]} size={16} />
    </span>
  );
}
