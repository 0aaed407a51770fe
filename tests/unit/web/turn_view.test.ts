import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, TurnEvent } from '../../../daemon/web/src/api/types.ts';
import { apply, newTurnView, type TurnView, turnViewOf } from '../../../daemon/web/src/chat/turn_view.ts';

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const message = (fields: Partial<Message>): Message => ({
  id: 'msg_1', role: 'assistant', content: '', tool_calls: null, tool_call_id: null, created_at: '2026-11-22T06:00:00Z',
  turn_id: 'turn_1', ...fields,
});
const artifact = { id: 'art_1', handle: 'plot-1', kind: 'plot', name: 'a.svg', media_type: 'image/svg+xml', size: 9, url: '/x' };
const asking = message({ id: 'msg_1', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'plot', arguments: '{"n":1}' } }], usage });
const answering = message({ id: 'msg_2', content: 'Here it is.', usage, provider: 'offline', model: 'offline' });

const story: TurnEvent[] = [
  { name: 'turn.started', data: { message_id: 'msg_0', provider: 'offline', model: 'offline' } },
  { name: 'message.completed', data: { message: asking } },
  { name: 'tool.call', data: { tool_call_id: 'call_1', name: 'plot', arguments: { n: 1 } } },
  { name: 'tool.progress', data: { tool_call_id: 'call_1', name: 'plot', fraction: 0.5, note: 'drawing' } },
  { name: 'tool.result', data: { tool_call_id: 'call_1', name: 'plot', success: true, summary: 'Drawn.', artifacts: [artifact] } },
  { name: 'message.delta', data: { message_id: 'msg_2', delta: 'Here ' } },
  { name: 'message.delta', data: { message_id: 'msg_2', delta: 'it is.' } },
  { name: 'message.completed', data: { message: answering } },
];
const told = (events: TurnEvent[], from: TurnView = newTurnView()): TurnView =>
  events.reduce((view, event, index) => apply(view, event, from.lastEvent + index + 1), from);

test('a turn is shown as it goes', () => {
  const view = told(story.slice(0, 4));
  const call = view.parts[0];
  assert.equal(view.parts.length, 1, 'a message of nothing but calls shows nothing itself');
  assert.ok(call?.kind === 'call');
  assert.deepEqual([call.state, call.fraction, call.note, call.arguments], ['running', 0.5, 'drawing', { n: 1 }]);
});

test('events that are told again change nothing', () => {
  // As far as the middle of what is said.
  const heard = story.slice(0, 6);
  const view = told(heard);
  for (let number = heard.length; number > 0; number--) assert.equal(apply(view, heard[number - 1] as TurnEvent, number), view);
});

test('what is stored shows the same parts as what was told', () => {
  const result = message({ id: 'msg_1b', role: 'tool', tool_call_id: 'call_1', name: 'plot', success: true,
    content: JSON.stringify({ success: true, data: { n: 1 }, summary: 'Drawn.', artifacts: [artifact] }) });
  const stored = turnViewOf('turn_1', [asking, result, answering]);
  const shown = (view: TurnView) => view.parts.map((part) =>
    part.kind === 'text' ? [part.id, part.text] : [part.id, part.name, part.state, part.summary, part.artifacts, part.arguments]);
  assert.deepEqual(shown(stored), shown(told(story)));
  assert.equal(stored.usage?.total_tokens, 10);
});

test('a message that is asked for anew takes the place of the one that never ended', () => {
  const view = told([
    ...story.slice(0, 5),
    { name: 'message.delta', data: { message_id: 'msg_dead', delta: 'Her' } },
    { name: 'message.delta', data: { message_id: 'msg_2', delta: 'Here it' } },
  ]);
  assert.deepEqual(view.parts.map((part) => part.kind === 'text' && part.text), [false, 'Here it']);
});

test('what was going on when a turn was cancelled did not finish', () => {
  const view = told([...story.slice(0, 4), { name: 'turn.cancelled', data: {} }]);
  assert.equal(view.state, 'cancelled');
  assert.ok(view.parts[0]?.kind === 'call' && view.parts[0].state === 'unfinished');
});

test('a call that was stopped has not failed, told or stored', () => {
  const live = told([...story.slice(0, 3), { name: 'tool.result', data: { tool_call_id: 'call_1', name: 'plot', success: false, summary: 'plot was cancelled.', artifacts: [], error_type: 'CancelledError' } }]);
  const content = '{"success":false,"error":{"error_type":"CancelledError","message":"plot was cancelled."}}';
  const result = message({ role: 'tool', tool_call_id: 'call_1', name: 'plot', success: false, content });
  for (const view of [live, turnViewOf('turn_1', [asking, result])]) {
    const call = view.parts.find((part) => part.kind === 'call');
    assert.deepEqual([call?.state, call?.summary], ['stopped', '']);
  }
});

test('a call waits for a person, and goes on', () => {
  const effects = { reads: false, writes: true, network: false, destructive: true, idempotent: false };
  const approval = { tool_call_id: 'call_1', name: 'plot', arguments: { n: 1 }, effects, message: 'Allow it?', asked_at: '' };
  const waiting = told([...story.slice(0, 2), { name: 'approval.required', data: approval }]);
  assert.ok(waiting.parts[0]?.kind === 'call' && waiting.parts[0].state === 'waiting' && waiting.parts[0].approval);
  const refused = told([{ name: 'tool.result', data: { tool_call_id: 'call_1', name: 'plot', success: false, summary: 'No.', artifacts: [], error_type: 'PermissionError' } }], waiting);
  assert.ok(refused.parts[0]?.kind === 'call' && refused.parts[0].state === 'failed' && refused.parts[0].approval === null);
});

test('a call that goes on in the background is known by its job, told or stored', () => {
  const live = told([...story.slice(0, 3), { name: 'tool.result', data: { tool_call_id: 'call_1', name: 'plot', success: true, summary: '', artifacts: [], job_id: 'job_1' } }]);
  const result = message({ role: 'tool', tool_call_id: 'call_1', name: 'plot', content: '{"success":true,"data":{"status":"running","job_id":"job_1","progress":0},"summary":"It goes on."}' });
  for (const view of [live, turnViewOf('turn_1', [asking, result])])
    assert.ok(view.parts[0]?.kind === 'call' && view.parts[0].state === 'background' && view.parts[0].jobId === 'job_1');
});

test('results that are no JSON are shown as text', () => {
  const result = message({ role: 'tool', tool_call_id: 'call_1', name: 'plot', success: false, content: 'segfault' });
  const view = turnViewOf('turn_1', [asking, result]);
  assert.ok(view.parts[0]?.kind === 'call' && view.parts[0].state === 'failed' && view.parts[0].result === 'segfault');
});
