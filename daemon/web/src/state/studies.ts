// Studies that cards on the page show, and whose end is told.

import { get } from '../api/client.ts';
import type { Combination, Study, StudyResults } from '../api/types.ts';
import { announce } from './announcements.ts';
import { openConversation } from './open_conversation.ts';
import { withTitles } from './tools.ts';
import { Watcher } from './watched.ts';

export const studies = new Watcher<Study>({
  read: (id) => get<Study>(`/studies/${encodeURIComponent(id)}`),
  goesOn: (study) => study.status === 'running',
  onEnd: (study) => {
    announce(`The study${study.name ? ` “${study.name}”` : ''} ${study.status === 'cancelled' ? 'was stopped' : 'has ended'}: ${progressOf(study)}.`);
    if (study.conversation_id) void openConversation(study.conversation_id).load();
  },
});

const combinationsAtOnce = 100;

/** What came of all of its combinations of parameters, page by page. */
export async function combinationsOf(id: string, signal: AbortSignal): Promise<Combination[]> {
  const all: Combination[] = [];
  for (;;) {
    const page = await get<StudyResults>(`/studies/${encodeURIComponent(id)}/results`, { query: { limit: combinationsAtOnce, first: all.length }, signal });
    all.push(...page.combinations);
    if (!page.has_more || page.combinations.length === 0) return all;
  }
}

export function progressOf(study: Study): string {
  const { counts, time_left_s, waits_for } = study;
  const number = (count: number): string => count.toLocaleString('en');
  const left = time_left_s === null ? '' : `about ${time_left_s < 90 ? `${time_left_s} s` : `${Math.round(time_left_s / 60)} min`} left`;
  return [
    `${number(counts.completed)} of ${number(study.runs)} done`,
    counts.failed > 0 && `${number(counts.failed)} failed`,
    left,
    waits_for && `waits for ${withTitles(waits_for)}`,
  ].filter(Boolean).join(' · ');
}
