// Follows a turn from its begin to its end, over as many connections as that takes: what was missed is told again under
// the same ids. A turn that was asked for and never heard of is asked for again under the same Idempotency-Key.

import { ApiError, isAbort, send } from '../api/client.ts';
import { readEvents } from '../api/sse.ts';
import type { TurnEvent } from '../api/types.ts';
import { pause, reportSilence } from '../state/connection.ts';
import { pauseBefore } from '../state/retry.ts';

// The daemon writes a comment every 15 s.
const silenceMs = 40_000;
const ends = new Set(['turn.completed', 'turn.failed', 'turn.cancelled']);

export interface Beginning {
  // Below the conversation: "chat" or "regenerate".
  action: string;
  body: object;
  key: string;
}

export interface Followed {
  conversation: string;
  // What begins the turn, or the turn that goes on already.
  begin: Beginning | null;
  turn: string | null;
  signal: AbortSignal;
  onTurn: (id: string) => void;
  onEvent: (event: TurnEvent, number: number) => void;
  // Whether the connection is lost at the moment.
  onBroken: (broken: boolean) => void;
}

// Resolves when the turn has ended, or was left (signal). Throws an ApiError when the daemon refuses.
export async function followTurn(followed: Followed): Promise<void> {
  const { signal } = followed;
  let turn = followed.turn;
  let last = 0;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const reply = await connect(followed, turn, last);
      turn = reply.headers.get('X-Turn-ID') ?? turn;
      if (turn) followed.onTurn(turn);
      followed.onBroken(false);
      if (!reply.body) throw new Error('The reply has no body.');
      for await (const event of readEvents(reply.body, silenceMs)) {
        attempt = 0;
        last = Number(event.id) || last;
        followed.onEvent({ name: event.name, data: JSON.parse(event.data) } as TurnEvent, last);
        if (ends.has(event.name)) return;
      }
      reportSilence();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (error instanceof ApiError && !isPassing(error, turn !== null, attempt)) throw error;
      if (!(error instanceof ApiError)) reportSilence();
    }
    followed.onBroken(true);
    await pause(pauseBefore(Math.max(1, attempt)), signal);
  }
}

function connect({ conversation, begin, signal }: Followed, turn: string | null, last: number): Promise<Response> {
  const path = `/conversations/${encodeURIComponent(conversation)}`;
  const accept = { Accept: 'text/event-stream' };
  if (turn) {
    const query = { after: last };
    return send('GET', `${path}/turns/${encodeURIComponent(turn)}/events`, { query, headers: accept, signal });
  }
  if (!begin) throw new Error('Neither a turn nor what begins one was given.');
  const headers = { ...accept, 'Idempotency-Key': begin.key };
  return send('POST', `${path}/${begin.action}`, { body: begin.body, headers, signal });
}

// A proxy that has no daemon behind it for the moment, or a daemon that is ending.
function isPassing(error: ApiError, hasBegun: boolean, attempt: number): boolean {
  return [502, 503, 504].includes(error.status) && (hasBegun || attempt < 4);
}
