// Background jobs that cards on the page show: each is asked for once, and again as long as it runs.

import { type Signal, signal } from '@preact/signals';
import { ApiError, sentenceOf } from '../api/client.ts';
import { readJob } from '../api/conversations.ts';
import type { Job } from '../api/types.ts';
import { openConversation } from './open_conversation.ts';
import { pause } from './connection.ts';

const between = 1_000;
const hiddenBetween = 10_000;

export interface WatchedJob {
  job: Job | null;
  error: string | null;
}

const watched = new Map<string, Signal<WatchedJob>>();

export function watchJob(id: string): Signal<WatchedJob> {
  const known = watched.get(id);
  if (known) return known;
  const state = signal<WatchedJob>({ job: null, error: null });
  watched.set(id, state);
  void follow(id, state);
  return state;
}

async function follow(id: string, state: Signal<WatchedJob>): Promise<void> {
  let hasRun = false;
  while (true) {
    try {
      const job = await readJob(id);
      state.value = { job, error: null };
      if (job.state !== 'running') {
        // Its end is a notice in the conversation.
        if (hasRun && job.conversation_id) void openConversation(job.conversation_id).load();
        return;
      }
      hasRun = true;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) {
        state.value = { ...state.value, error: sentenceOf(error) };
        return;
      }
    }
    await pause(document.visibilityState === 'visible' ? between : hiddenBetween);
  }
}
