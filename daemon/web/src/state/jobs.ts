// Background jobs that cards on the page show.

import { readJob } from '../api/conversations.ts';
import type { Job } from '../api/types.ts';
import { openConversation } from './open_conversation.ts';
import { Watcher } from './watched.ts';

export const jobs = new Watcher<Job>({
  read: readJob,
  goesOn: (job) => job.state === 'running',
  // Its end is a notice in the conversation.
  onEnd: (job) => {
    if (job.conversation_id) void openConversation(job.conversation_id).load();
  },
});
