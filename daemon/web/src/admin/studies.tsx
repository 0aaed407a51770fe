// Studies: one tool, many runs. How far each is, and what came of it.

import { post } from '../api/client.ts';
import type { Study, StudyStatus } from '../api/types.ts';
import { StudyWarnings } from '../chat/study_warnings.tsx';
import { openArtifact } from '../artifacts/opened.ts';
import { progressOf } from '../state/studies.ts';
import { usePages } from '../state/pages.ts';
import { looksAfterAll } from '../state/session.ts';
import { titleOfTool } from '../state/tools.ts';
import { timeText } from '../ui/format.ts';
import { ListEnd } from '../ui/list_end.tsx';
import { ActButton } from './act_button.tsx';
import { isOwn, ofWhom, ownerQuery } from './of_whom.ts';
import { useReloadWhile } from './reload_while.ts';

const badges: Record<StudyStatus, { text: string; tone: string }> = {
  running: { text: 'running', tone: 'is-warn' },
  completed: { text: 'completed', tone: 'is-good' },
  completed_with_errors: { text: 'completed with errors', tone: 'is-bad' },
  cancelled: { text: 'cancelled', tone: '' },
};

export function StudiesSection() {
  const pages = usePages<Study, 'studies'>('/studies', 'studies', { ...ofWhom(), limit: 50 });
  const isRunning = pages.items.some((study) => study.status === 'running');
  useReloadWhile(isRunning, pages.reload);
  return (
    <>
      <ul class="admin-rows" aria-label="Studies" hidden={pages.items.length === 0}>
        {pages.items.map((study) => (
          <StudyRow key={study.id} study={study} reload={pages.reload} />
        ))}
      </ul>
      <ListEnd pages={pages} of={['study', 'studies']} empty="There is no study yet. Ask for one: “study dla of 200 particles with sticking probability 0.1, 0.5 and 1 and 3 seeds each”." />
    </>
  );
}

function StudyRow({ study, reload }: { study: Study; reload: () => void }) {
  const { counts } = study;
  const name = study.name || titleOfTool(study.tool);
  const ask = (what: 'cancel' | 'retry', said: string) => async (): Promise<string> => {
    await post(`/studies/${study.id}/${what}${ownerQuery(study)}`, {});
    reload();
    return said;
  };
  const canRetry = isOwn(study) && study.status !== 'running' && counts.failed + counts.waiting > 0;
  return (
    <li class="admin-row">
      <div class="admin-row-text">
        <b>{name}</b>
        <span class="ui-soft ui-small">
          {looksAfterAll.value && `${study.user} · `}
          {titleOfTool(study.tool)}
          {study.then && `, then ${titleOfTool(study.then)}`} · {study.runs.toLocaleString('en')} runs · {timeText(study.created_at)}
        </span>
        <span class="ui-small">
          {progressOf(study)}
        </span>
        {isOwn(study) && <StudyWarnings study={study} />}
        {study.status === 'running' && <progress class="ui-progress" value={study.percent} max={100} aria-label={`Progress of ${name}`} />}
      </div>
      <span class={`ui-badge ${badges[study.status].tone}`}>{study.status === 'running' ? `${study.percent} %` : badges[study.status].text}</span>
      {study.table && (
        <button type="button" class="ui-button is-small" onClick={() => openArtifact(study.table!.handle)}>
          Table<span class="ui-hidden"> of {name}</span>
        </button>
      )}
      {canRetry && <ActButton label="Run what is missing" of={`of ${name}`} run={ask('retry', `What is missing of ${name} is run.`)} />}
      {study.status === 'running' && <ActButton label="Cancel" of={name} run={ask('cancel', `${name} is cancelled.`)} dangerous />}
    </li>
  );
}
