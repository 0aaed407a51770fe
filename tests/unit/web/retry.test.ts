import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseBefore } from '../../../daemon/web/src/state/retry.ts';
import { dayGroup, percentText } from '../../../daemon/web/src/ui/format.ts';

test('pauses double up to their bound, and never are all alike', () => {
  const pauses = { firstMs: 100, longestMs: 1_000 };
  assert.deepEqual([1, 2, 3, 4, 5, 60].map((attempt) => pauseBefore(attempt, pauses, () => 1)), [100, 200, 400, 800, 1_000, 1_000]);
  assert.deepEqual([1, 2, 60].map((attempt) => pauseBefore(attempt, pauses, () => 0)), [50, 100, 500]);
});

test('days have the names that people give them', () => {
  const now = new Date(2026, 10, 22, 0, 5);
  const hoursAgo = (hours: number) => dayGroup(new Date(now.getTime() - hours * 3_600_000).toISOString(), now);
  assert.deepEqual([0, 1, 24, 25, 24 * 7, 24 * 20].map(hoursAgo), ['Today', 'Yesterday', 'Yesterday', 'Last 7 days', 'Last 7 days', 'Last 30 days']);
});

test('progress outside of its bounds is none', () => {
  assert.deepEqual([-1, 0.254, 2].map(percentText), ['0 %', '25 %', '100 %']);
});
