import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merged } from '../../../daemon/web/src/chat/merged_warnings.ts';

const of = (...texts: string[]) => merged(texts.map((text) => ({ text, runs: 2 }))).map(({ text, runs }) => [runs, text]);

test('warnings that differ in numbers are one, which has the range of each number', () => {
  assert.deepEqual(of('R^2 = 0.909, below 0.95.', 'R^2 = 0.829, below 0.95.', 'R^2 = 0.95, below 0.95.'), [[6, 'R^2 = 0.829 to 0.95, below 0.95.']]);
  assert.deepEqual(of('Only 9 of 1,200 points.', 'Only 10 of 1,100 points.'), [[4, 'Only 9 to 10 of 1,100 to 1,200 points.']]);
  assert.deepEqual(of('It is -0.5.', 'It is 1e-3.', 'It is -2.5e+1.'), [[6, 'It is -2.5e+1 to 1e-3.']]);
  assert.deepEqual(of('See simulation-3.', 'See simulation-12.'), [[4, 'See simulation-3 to 12.']], 'a hyphen is no sign');
});

test('what says the same is one; what says something else is another, after those that more runs have', () => {
  assert.deepEqual(of('Rare, 1.', 'Often, 1.', 'Often, 1.'), [[4, 'Often, 1.'], [2, 'Rare, 1.']]);
  assert.deepEqual(of('Without numbers.', 'Without numbers.'), [[4, 'Without numbers.']]);
  assert.deepEqual(of('1', '2 and 3'), [[2, '1'], [2, '2 and 3']]);
  assert.deepEqual(merged([]), []);
});
