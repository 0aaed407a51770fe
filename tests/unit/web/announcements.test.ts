import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { announce, announcements } from '../../../daemon/web/src/state/announcements.ts';

// A window that has the focus or not, and may come back.
function makeWindow(): { hasFocus: boolean; comeBack: () => void } {
  const target = new EventTarget();
  const state = { hasFocus: true, comeBack: () => void target.dispatchEvent(new Event('focus')) };
  Object.assign(globalThis, {
    document: { hasFocus: () => state.hasFocus },
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  });
  return state;
}

// In small steps: what a timer brings about has timers of its own.
function pass(t: TestContext, milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 50) t.mock.timers.tick(50);
}

const said = (): string[] => announcements.value.map(({ text }) => text);

test('what happens while a window comes back is told when it is there', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = makeWindow();
  announce('At once.');
  pass(t, 200);
  assert.deepEqual(said(), ['At once.']);
  pass(t, 10_000);
  window.hasFocus = false;
  announce('The file is empty.');
  pass(t, 1_500);
  assert.deepEqual(said(), []);
  window.hasFocus = true;
  window.comeBack();
  pass(t, 200);
  assert.deepEqual(said(), ['The file is empty.']);
  pass(t, 10_000);
  // Once, though the time to wait is over as well.
  assert.deepEqual(said(), []);
});

test('a window that does not come back is told of it all the same', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  makeWindow().hasFocus = false;
  announce('Somewhere else.');
  pass(t, 2_500);
  assert.deepEqual(said(), ['Somewhere else.']);
});
