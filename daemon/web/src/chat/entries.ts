// What stands in a conversation from top to bottom, made of its stored messages: what people said, what was answered (all
// messages of a turn are one entry), and notices.

import type { Message, Turn } from '../api/types.ts';
import { type TurnView, turnViewOf } from './turn_view.ts';

export interface UserEntry {
  kind: 'user';
  key: string;
  message: Message;
}
export interface TurnEntry {
  kind: 'turn';
  key: string;
  turn: string | null;
  // How many messages it is made of, so that one that has not changed is not made again.
  size: number;
  view: TurnView;
  // The message that it answers, when that is shown too.
  asked: Message | null;
}
export interface NoticeEntry {
  kind: 'notice';
  key: string;
  message: Message;
}
export type Entry = UserEntry | TurnEntry | NoticeEntry;

// Entries that `before` has already, unchanged, are the same objects again: what shows them need not be drawn anew.
export function entriesOf(messages: Message[], before: Entry[] = []): Entry[] {
  const known = new Map(before.map((entry) => [entry.key, entry]));
  const entries: Entry[] = [];
  const groups = new Map<string, { at: number; messages: Message[]; asked: Message | null }>();
  let asked: Message | null = null;
  for (const message of messages) {
    if (message.role === 'user') {
      asked = message;
      entries.push(sameOr(known, { kind: 'user', key: message.id, message }));
    } else if (message.role === 'system') {
      entries.push(sameOr(known, { kind: 'notice', key: message.id, message }));
    } else {
      // A job may end while a turn goes on: the notice does not part the turn.
      const turn = message.turn_id ?? `of ${asked?.id ?? 'nobody'}`;
      const group = groups.get(turn);
      if (group) group.messages.push(message);
      else {
        groups.set(turn, { at: entries.length, messages: [message], asked });
        entries.push({ kind: 'turn', key: turn, turn: message.turn_id, size: 0, view: turnViewOf(message.turn_id, []), asked });
      }
    }
  }
  for (const [turn, group] of groups) entries[group.at] = turnEntry(turn, group.messages, group.asked, known.get(turn));
  return entries;
}

function turnEntry(key: string, messages: Message[], asked: Message | null, before: Entry | undefined): TurnEntry {
  const size = messages.length;
  const turn = messages[0]?.turn_id ?? null;
  if (before?.kind === 'turn' && before.size === size && before.asked?.replies === asked?.replies && before.asked?.id === asked?.id) return before;
  return { kind: 'turn', key, turn, size, view: turnViewOf(turn, messages), asked };
}

function sameOr(known: Map<string, Entry>, entry: UserEntry | NoticeEntry): Entry {
  const before = known.get(entry.key);
  if (before?.kind !== entry.kind || before.message.content !== entry.message.content) return entry;
  return before.message.replies === entry.message.replies ? before : entry;
}

// A turn that failed or was stopped may have stored nothing, or nothing of that.
export function withEnding(entries: Entry[], turn: Turn): Entry[] {
  if (turn.state !== 'failed' && turn.state !== 'cancelled') return entries;
  const { id, state, error } = turn;
  const at = entries.findIndex((entry) => entry.kind === 'turn' && entry.turn === id);
  const there = entries[at];
  if (there?.kind === 'turn') return entries.with(at, { ...there, view: { ...there.view, state, error } });
  // An older one was followed by other messages.
  const of = entries.findLastIndex((entry) => entry.kind === 'user' && entry.message.id === turn.user_message_id);
  const under = of >= 0 ? of : entries.findLastIndex((entry) => entry.kind === 'user');
  const above = entries[under];
  const asked = above?.kind === 'user' ? above.message : null;
  const place = of >= 0 ? of + 1 : entries.length;
  return entries.toSpliced(place, 0, { kind: 'turn', key: id, turn: id, size: 0, view: { ...turnViewOf(id, []), state, error }, asked });
}

// The turns that no reply stands at the end of.
export function unansweredTurns(messages: Message[], isLastToo: boolean): string[] {
  const said = messages.filter((message) => message.role !== 'system');
  return said.flatMap((message, at) => {
    const next = said[at + 1];
    const isEnd = next ? next.role === 'user' : isLastToo;
    return isEnd && message.turn_id && !isReply(message) ? [message.turn_id] : [];
  });
}

export const isReply = (message: Message): boolean => message.role === 'assistant' && !message.tool_calls;

// The newest messages take the place of all that are not older than the first of them: what was answered again or edited
// away is gone, what other doors have added is there.
export function withNewest(known: Message[], newest: Message[]): Message[] {
  const first = newest[0];
  const at = first ? known.findIndex((message) => message.id === first.id) : -1;
  return at < 0 ? newest : [...known.slice(0, at), ...newest];
}

export function withEarlier(known: Message[], earlier: Message[]): Message[] {
  const there = new Set(known.map((message) => message.id));
  return [...earlier.filter((message) => !there.has(message.id)), ...known];
}

export function withLater(known: Message[], later: Message[]): Message[] {
  const there = new Set(known.map((message) => message.id));
  return [...known, ...later.filter((message) => !there.has(message.id))];
}

// Without what a new answer to the message takes the place of; `including` says whether the message itself goes too.
export function cutAfter(known: Message[], message: string, including: boolean): Message[] {
  const at = known.findIndex((one) => one.id === message);
  return at < 0 ? known : known.slice(0, including ? at : at + 1);
}
