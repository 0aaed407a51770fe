import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnEvent } from '../../../daemon/web/src/api/types.ts';
import { spoken } from '../../../daemon/web/src/chat/spoken.ts';
import { TurnAnnouncer } from '../../../daemon/web/src/chat/turn_announcer.ts';
import { apply, newTurnView, type TurnView } from '../../../daemon/web/src/chat/turn_view.ts';
import { blocksOf } from '../../../daemon/web/src/markdown/parser.ts';

const read = (text: string): string => blocksOf(text).map(spoken).join(' | ');

test('a reply is read without its signs', () => {
  assert.equal(read('# The **law**\n\nIt is `N`, see [there](/x).\n'), 'The law. | It is N, see there.');
  assert.equal(read('- one\n- two: → **plot-1**\n'), 'one. two: → plot-1.');
  assert.equal(read('1. - deep\n   - deeper\n'), 'deep. deeper.');
  assert.equal(read('- [x] grown\n- [ ] measured\n'), 'Done: grown. To do: measured.');
  assert.equal(read('It is 1300 K. 【1:1†furnace.md】\n'), 'It is 1300 K. (source: furnace.md)');
  assert.equal(read('So $a^2$ and $$b$$ hold\n\n---\n'), 'So a^2 and b hold. | ');
});

test('code, tables and pictures are named', () => {
  assert.equal(read('```python\nx = 1\ny = 2\n```\n'), 'Code in python, 2 lines.');
  assert.equal(read('```\nx\n```\n'), 'Code, 1 line.');
  assert.equal(read('| Name | Df |\n|---|---|\n| a | 1.7 |\n| b | 1.8 |\n'), 'A table of 2 rows: Name, Df.');
  assert.equal(read('![a cluster](/a.png) ![](/b.png)\n'), 'Picture: a cluster. Picture: without a description.');
});

// What is said after each event.
function told(events: TurnEvent[]): string[][] {
  const announcer = new TurnAnnouncer();
  let view: TurnView = newTurnView();
  return events.map((event, index) => announcer.update((view = apply(view, event, index + 1))));
}
const started = { name: 'turn.started', data: { message_id: 'u', provider: 'p', model: 'm' } } as TurnEvent;
const delta = (text: string) => ({ name: 'message.delta', data: { message_id: 'a', delta: text } }) as TurnEvent;
const message = { id: 'a', role: 'assistant', content: '', tool_calls: null, tool_call_id: null, created_at: '', turn_id: 't' };
const completed = (content: string) => ({ name: 'message.completed', data: { message: { ...message, content } } }) as TurnEvent;
const ended = { name: 'turn.completed', data: { message } } as unknown as TurnEvent;

test('a reply that streams is told block by block, each once', () => {
  const parts = ['The fi', 'rst.\n\nThe sec', 'ond.\n\nThe th', 'ird.\n\nThe last.'];
  const said = told([started, ...parts.map(delta), completed(parts.join('')), ended]);
  assert.deepEqual(said, [[], [], [], ['Reply: The first.'], ['The second.'], ['The third. The last.'], []]);
});

test('a long reply is told in part, and that it goes on', () => {
  const said = told([started, completed(Array.from({ length: 100 }, () => `${'word '.repeat(20)}.`).join('\n\n')), ended]).flat().join(' ');
  assert.ok(said.length < 3_500, `${said.length}`);
  assert.match(said, /The reply is longer; all of it is in Messages\.$/);
});

test('each call is told by itself, and what failed with its reason', () => {
  const call = (id: string, success: boolean) => [
    { name: 'tool.call', data: { tool_call_id: id, name: 'run_it', arguments: {} } } as TurnEvent,
    { name: 'tool.result', data: { tool_call_id: id, name: 'run_it', success, summary: 'It is so.', artifacts: [] } } as unknown as TurnEvent,
  ];
  assert.deepEqual(told([started, ...call('1', true), ...call('2', true), ...call('3', false)]).flat(), [
    'Run it is done.', 'Run it is done.', 'Run it failed. It is so.',
  ]);
});

test('what goes on is told when nothing else is', () => {
  const announcer = new TurnAnnouncer();
  const running = apply(newTurnView(), started, 1);
  assert.deepEqual([announcer.update(running), announcer.goingOn(running), announcer.goingOn(running)], [[], ['assistd is answering.'], []]);
});
