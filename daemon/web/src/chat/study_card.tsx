// A study that a call has begun: how far its runs are, which failed and why, and what came of it; it can be stopped here.

import { useEffect, useState } from 'preact/hooks';
import { get, post, sentenceOf } from '../api/client.ts';
import type { Artifact, Study, StudyRun } from '../api/types.ts';
import { aboutArtifact } from '../artifacts/about.ts';
import { mayWrite } from '../state/session.ts';
import { progressOf, studies } from '../state/studies.ts';
import { showError } from '../state/toasts.ts';
import { withTitles } from '../state/tools.ts';
import { useResult } from './call_details.tsx';
import { StudyWarnings } from './study_warnings.tsx';
import { Card, type ToolCardProps } from './tool_card.tsx';
import type { CallPart, CallState } from './turn_view.ts';

export const studyTool = 'create_parametric_study';
const shownFailures = 3;

function stateOf({ status, counts }: Study): CallState {
  if (status === 'running') return 'background';
  if (status === 'cancelled') return 'stopped';
  return counts.completed > 0 ? 'done' : 'failed';
}

export function StudyCard(props: ToolCardProps) {
  // The event of a call that ended does not say which study it has begun: its result does.
  const { result } = useResult(props.call, props.conversation, props.turn);
  const id = studyIn(result);
  return id ? <Followed {...props} id={id} /> : <Card {...props} />;
}

function Followed({ id, ...props }: ToolCardProps & { id: string }) {
  const { value: study, error } = studies.watch(id).value;
  const table = useTable(study);
  if (!study) return <Card {...props} call={error ? { ...props.call, summary: error } : props.call} />;
  const isRunning = study.status === 'running';
  const failed = study.counts.failed;
  const call: CallPart = {
    ...props.call,
    state: stateOf(study),
    fraction: study.percent / 100,
    note: progressOf(study),
    summary: `${study.status === 'cancelled' ? 'Stopped: ' : ''}${progressOf(study)}`,
    artifacts: table ? [table] : [],
  };
  const ask = (what: 'cancel' | 'retry') => (): void => {
    post(`/studies/${encodeURIComponent(id)}/${what}`, {}).then(
      () => studies.again(id),
      (problem: unknown) => showError(sentenceOf(problem)),
    );
  };
  const canRetry = mayWrite.value && !isRunning && failed + study.counts.waiting > 0;
  return (
    <Card {...props} call={call} isFollowed onStop={isRunning ? ask('cancel') : undefined}>
      {failed > 0 && <Failures key={failed} id={id} count={failed} />}
      <StudyWarnings study={study} />
      {canRetry && (
        <button type="button" class="ui-button is-small call-again" onClick={ask('retry')}>
          Run what is missing
        </button>
      )}
    </Card>
  );
}

function Failures({ id, count }: { id: string; count: number }) {
  const [runs, setRuns] = useState<StudyRun[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    get<{ runs: StudyRun[] }>(`/studies/${encodeURIComponent(id)}/runs`, { query: { state: 'failed', limit: shownFailures }, signal: stop.signal }).then(
      (page) => setRuns(page.runs),
      // The number of them is shown all the same.
      () => undefined,
    );
    return () => stop.abort();
  }, [id, count]);
  if (runs.length === 0) return null;
  return (
    <ul class="call-failures" aria-label="Runs that failed">
      {runs.map((run) => (
        <li key={run.run}>
          Run {run.run.toLocaleString('en')}: {withTitles(run.error?.message ?? 'it failed.')}
        </li>
      ))}
      {count > runs.length && <li class="ui-soft">and {(count - runs.length).toLocaleString('en')} more</li>}
    </ul>
  );
}

// All runs with their numbers, which is written when the study has ended.
function useTable(study: Study | null): Artifact | null {
  const [table, setTable] = useState<Artifact | null>(null);
  const handle = study && study.status !== 'running' ? study.table?.handle : undefined;
  useEffect(() => {
    let isShown = true;
    setTable(null);
    if (handle)
      aboutArtifact(handle).then(
        (found) => isShown && setTable(found),
        // It was deleted: the study is shown without it.
        () => undefined,
      );
    return () => {
      isShown = false;
    };
  }, [handle]);
  return table;
}

function studyIn(result: CallPart['result']): string | null {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return null;
  const { data } = result;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return typeof data.study_id === 'string' ? data.study_id : null;
}
