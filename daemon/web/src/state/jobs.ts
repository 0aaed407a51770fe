// Background jobs that cards on the page show, and whose end is told.

import { readJob } from '../api/conversations.ts';
import type { Job } from '../api/types.ts';
import { announce } from './announcements.ts';
import { openConversation } from './open_conversation.ts';
import { titleOfTool, withTitles } from './tools.ts';
import { Watcher } from './watched.ts';

const ends: Partial<Record<Job['state'], string>> = { completed: 'is done', failed: 'failed', cancelled: 'was stopped', lost: 'was lost' };

export const jobs = new Watcher<Job>({
  read: readJob,
  goesOn: (job) => job.state === 'running',
  // Its end is a notice in the conversation.
  onEnd: (job) => {
    announce(`${titleOfTool(job.tool)} ${ends[job.state] ?? 'has ended'}. ${withTitles(job.summary ?? job.result?.error?.message ?? '')}`.trim());
    if (job.conversation_id) void openConversation(job.conversation_id).load();
  },
});
