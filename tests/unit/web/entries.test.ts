import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Turn } from '../../../daemon/web/src/api/types.ts';
import { chunksOf } from '../../../daemon/web/src/chat/chunks.tsx';
import { cutAfter, entriesOf, unansweredTurns, withEarlier, withEnding, withLater, withNewest } from '../../../daemon/web/src/chat/entries.ts';
import { Numbering } from '../../../daemon/web/src/chat/numbering.ts';
import { artifactOf, hasArrived, messageOf } from '../../../daemon/web/src/state/said.ts';

const message = (id: string, role: Message['role'], turn: string | null = null): Message => ({
  id, role, content: id, tool_calls: null, tool_call_id: null, created_at: '', turn_id: turn, ...(role === 'user' && { replies: 1 }),
});
const talk = [
  message('u1', 'user', 't1'), message('a1', 'assistant', 't1'),
  message('u2', 'user', 't2'), message('a2', 'assistant', 't2'), message('n1', 'system'), message('r2', 'tool', 't2'), message('b2', 'assistant', 't2'),
];

test('the messages of a turn are one entry, also around a notice', () => {
  assert.deepEqual(entriesOf(talk).map((entry) => [entry.kind, entry.key]), [
    ['user', 'u1'], ['turn', 't1'], ['user', 'u2'], ['turn', 't2'], ['notice', 'n1'],
  ]);
});

test('entries that have not changed are the same objects', () => {
  const before = entriesOf(talk.slice(0, 4));
  const after = entriesOf(talk, before);
  assert.deepEqual(before.map((entry, index) => entry === after[index]), [true, true, true, false]);
});

test('newer messages take the place of what they stand for', () => {
  const again = [message('u2', 'user', 't2'), message('a3', 'assistant', 't3')];
  assert.deepEqual(withNewest(talk, again).map((one) => one.id), ['u1', 'a1', 'u2', 'a3']);
  assert.deepEqual(withNewest(talk, [message('x', 'user')]).map((one) => one.id), ['x'], 'a gap is not hidden');
  assert.deepEqual(withEarlier(talk.slice(2), talk.slice(0, 3)), talk);
  assert.deepEqual(withLater(talk.slice(0, 3), talk.slice(2)), talk);
});

test('an edited message goes with what came after it', () => {
  assert.deepEqual(cutAfter(talk, 'u2', true).map((one) => one.id), ['u1', 'a1']);
  assert.deepEqual(cutAfter(talk, 'u2', false).map((one) => one.id), ['u1', 'a1', 'u2']);
});

test('a turn that failed before it said anything is shown', () => {
  const turn = { id: 't3', state: 'failed', error: { code: 'provider_failed', message: 'No.' } } as Turn;
  const entries = withEnding(entriesOf([message('u3', 'user', 't3')]), turn);
  const last = entries.at(-1);
  assert.ok(last?.kind === 'turn' && last.view.state === 'failed' && last.view.error?.message === 'No.');
});

test('what turns failed of stays under what they were to answer', () => {
  const call = { ...message('c5', 'assistant', 't5'), tool_calls: [] };
  const messages = [message('u3', 'user', 't3'), message('u4', 'user', 't4'), message('a4', 'assistant', 't4'), message('u5', 'user', 't5'), call, message('n5', 'system'), message('u6', 'user', 't6')];
  assert.deepEqual(unansweredTurns(messages, false), ['t3', 't5']);
  assert.deepEqual(unansweredTurns(messages, true), ['t3', 't5', 't6']);
  const turn = { id: 't3', user_message_id: 'u3', state: 'failed', error: { code: 'provider_failed', message: 'No.' } } as Turn;
  assert.deepEqual(withEnding(entriesOf(messages), turn).slice(0, 3).map((entry) => entry.key), ['u3', 't3', 'u4']);
});

test('numbers stay while anything stays, and are others when nothing does', () => {
  const numbering = new Numbering();
  assert.deepEqual([numbering.zeroOf(['c', 'd']), numbering.series], [0, 0]);
  assert.deepEqual([numbering.zeroOf(['a', 'b', 'c', 'd']), numbering.series], [2, 0]);
  assert.deepEqual([numbering.zeroOf(['d', 'e']), numbering.series], [-1, 0], 'the first one is gone');
  assert.deepEqual([numbering.zeroOf(['x', 'y']), numbering.series], [0, 1], 'another part of the conversation');
});

test('chunks keep their numbers when others come before', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const before = chunksOf(items.slice(30), 0);
  const after = chunksOf(items, 30);
  assert.deepEqual(before, after.filter((chunk) => chunk.number >= 0));
  assert.deepEqual(after.flatMap((chunk) => chunk.items), items);
});

test('what was said is the message that the daemon will give', () => {
  const file = { id: 'art_1', handle: 'file-1', kind: 'file', name: 'a.csv', media_type: 'text/csv', size: 12, url: '/api/v1/ai/artifacts/file-1/content' };
  const said = messageOf('msg_1', { text: 'Look', attachments: [file] }, 'turn_1');
  assert.equal(said.content, 'Look');
  assert.deepEqual(said.attachments?.map(artifactOf), [file], 'an edit sends the same files again');
  assert.equal(artifactOf({ artifact: 'art_2', media_type: 'image/png' }).handle, 'art_2');
});

test('a message that was not heard of has arrived when it stands behind what stood before it', () => {
  const unsent = { text: 'u2', attachments: [], key: 'k', edits: null };
  assert.ok(hasArrived({ ...unsent, after: 'a1' }, talk));
  assert.ok(!hasArrived({ ...unsent, after: 'b2' }, talk), 'the same was said before');
  assert.ok(!hasArrived({ ...unsent, text: 'other', after: 'a1' }, talk));
  assert.ok(hasArrived({ ...unsent, text: 'u1', after: null }, talk), 'the first one of a conversation');
});
