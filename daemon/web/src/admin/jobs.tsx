// Calls of tools that go on in the background, and those that did.

import { useState } from 'preact/hooks';

import { post } from '../api/client.ts';
import type { Job, JobState } from '../api/types.ts';
import { conversationPath } from '../state/route.ts';
import { usePages } from '../state/pages.ts';
import { looksAfterAll } from '../state/session.ts';
import { titleOfTool } from '../state/tools.ts';
import { percentText, timeText } from '../ui/format.ts';
import { ListEnd } from '../ui/list_end.tsx';
import { ActButton } from './act_button.tsx';
import { Choice } from './choice.tsx';
import { ofWhom, ownerQuery } from './of_whom.ts';
import { useReloadWhile } from './reload_while.ts';
import { ToolName } from '../ui/tool_name.tsx';

const states: JobState[] = ['running', 'completed', 'failed', 'cancelled', 'lost'];
const tones: Record<JobState, string> = { running: 'is-warn', completed: 'is-good', failed: 'is-bad', cancelled: '', lost: 'is-bad' };

export function JobsSection() {
  const [state, setState] = useState('');
  const pages = usePages<Job, 'jobs'>('/jobs', 'jobs', { state, ...ofWhom(), limit: 50 });
  const isRunning = pages.items.some((job) => job.state === 'running');
  useReloadWhile(isRunning, pages.reload);
  return (
    <>
      <div class="filters">
        <Choice label="State" value={state} onChange={setState} options={states} />
      </div>
      <ul class="admin-rows" aria-label="Jobs" hidden={pages.items.length === 0}>
        {pages.items.map((job) => (
          <JobRow key={job.id} job={job} reload={pages.reload} />
        ))}
      </ul>
      <ListEnd pages={pages} of={['job', 'jobs']} empty={state ? `No job is ${state}.` : 'No call has gone on in the background yet. What takes longer than two seconds does.'} />
    </>
  );
}

function JobRow({ job, reload }: { job: Job; reload: () => void }) {
  const title = titleOfTool(job.tool);
  const cancel = async (): Promise<string> => {
    await post(`/jobs/${job.id}/cancel${ownerQuery(job)}`, {});
    reload();
    return `${title} is being cancelled.`;
  };
  return (
    <li class="admin-row">
      <div class="admin-row-text">
        <b>
          <ToolName name={job.tool} />
        </b>
        <span class="ui-soft ui-small">
          {looksAfterAll.value && `${job.user} · `}
          {timeText(job.created_at)}
          {job.finished_at && ` · took ${duration(job)}`}
          {job.conversation_id && (
            <>
              {' · '}
              <a href={conversationPath(job.conversation_id)}>conversation</a>
            </>
          )}
        </span>
        <span class="ui-small">{job.state === 'running' ? (job.note ?? '') : (job.summary ?? job.result?.error?.message ?? '')}</span>
        {job.state === 'running' && <progress class="ui-progress" value={job.progress} max={1} aria-label={`Progress of ${title}`} />}
      </div>
      <span class={`ui-badge ${tones[job.state]}`}>{job.state === 'running' ? percentText(job.progress) : job.state}</span>
      {job.state === 'running' && <ActButton label="Cancel" of={title} run={cancel} dangerous />}
    </li>
  );
}

function duration(job: Job): string {
  const seconds = (new Date(job.finished_at!).getTime() - new Date(job.created_at).getTime()) / 1000;
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
