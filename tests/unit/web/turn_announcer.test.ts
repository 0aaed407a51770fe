import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { signal } from '@preact/signals';
import type { TurnEvent } from '../../../daemon/web/src/api/types.ts';
import { announceTurns } from '../../../daemon/web/src/chat/turn_announcer.ts';
import { apply, newTurnView, type TurnView } from '../../../daemon/web/src/chat/turn_view.ts';
import { announcements } from '../../../daemon/web/src/state/announcements.ts';
import type { LiveTurn } from '../../../daemon/web/src/state/said.ts';

// A window that is looked at.
Object.assign(globalThis, { document: { hasFocus: () => true } });

const opened = () => ({ live: signal<LiveTurn | null>(null), hasLater: signal(false) });
const liveTurn = (key: string, view: TurnView): LiveTurn => ({ key, said: null, view, broken: false, waits: false, stopping: false });

function viewOf(...events: object[]): TurnView {
  let view: TurnView = { ...newTurnView(), id: 'turn_1' };
  (events as TurnEvent[]).forEach((event, number) => (view = apply(view, event, number + 1)));
  return view;
}

const reply = (content: string): object[] => {
  const message = { id: `msg_${content}`, role: 'assistant', content, created_at: '2026-01-01T00:00:00Z' };
  return [{ name: 'message.completed', data: { message } }, { name: 'turn.completed', data: { message } }];
};

// All that is announced, once it was.
function heard(t: TestContext): string[] {
  const said = new Map<number, string>();
  for (let tick = 0; tick < 100; ++tick) {
    t.mock.timers.tick(100);
    for (const { id, text } of announcements.value) said.set(id, text);
  }
  return [...said.values()];
}

test('a turn that has ended and gone before anything was drawn is told', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const conversation = opened();
  const stop = announceTurns(conversation);
  conversation.live.value = liveTurn('one', viewOf());
  conversation.live.value = liveTurn('one', viewOf(...reply('It runs at 1300 kelvin.')));
  conversation.live.value = null;
  conversation.live.value = liveTurn('two', viewOf());
  conversation.live.value = liveTurn('two', viewOf(...reply('It runs at 1300 kelvin.')));
  conversation.live.value = null;
  // The same again is another text, or it would be taken for an echo.
  assert.deepEqual(heard(t), ['Reply: It runs at 1300 kelvin.', 'Reply: It runs at 1300 kelvin.\u00a0']);

  // Once each, and nothing of what nobody sees any more.
  conversation.live.value = liveTurn('three', viewOf(...reply('Once.')));
  conversation.live.value = { ...conversation.live.value, stopping: true };
  stop();
  conversation.live.value = liveTurn('four', viewOf(...reply('Left.')));
  assert.deepEqual(heard(t), ['Reply: Once.']);
});

test('what takes its time is told of, where one is', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const conversation = opened();
  conversation.hasLater.value = true;
  const stop = announceTurns(conversation);
  conversation.live.value = liveTurn('one', viewOf());
  assert.deepEqual(heard(t), []);
  conversation.hasLater.value = false;
  assert.deepEqual(heard(t), ['assistd is answering.']);
  conversation.live.value = liveTurn('one', viewOf(...reply('Yes.')));
  assert.deepEqual(heard(t), ['Reply: Yes.']);
  stop();
});
