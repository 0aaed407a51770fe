import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAgain } from '../../../daemon/web/src/state/read_again.ts';

const named = (names: string) => [...names].map((id) => ({ id }));
const namesOf = (items: { id: string }[]) => items.map((one) => one.id).join('');

test('what was shown behind the page stays behind it', () => {
  assert.equal(namesOf(readAgain(named('cba'), named('dcb'), true)), 'dcba');
  assert.equal(namesOf(readAgain(named('cba'), named('xy'), true)), 'xy');
});

test('what came in another order than it was made in stands there once', () => {
  assert.equal(namesOf(readAgain(named('bca'), named('cb'), true)), 'cba');
});

test('where the page is all there is, nothing else is', () => {
  assert.equal(namesOf(readAgain(named('bcaz'), named('cba'), false)), 'cba');
  assert.equal(namesOf(readAgain(named('a'), [], false)), '');
});
