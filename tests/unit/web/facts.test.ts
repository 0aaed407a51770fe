import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsIn, nameField, typedFacts, valueField } from '../../../daemon/web/src/projects/facts.ts';
import { FieldError } from '../../../daemon/web/src/ui/form.tsx';

const typed = (...facts: [string, string][]) => facts.map(([name, value], key) => ({ key, name, value }));

test('what looks like a number, true or false is one', () => {
  const facts = factsIn(typed(['t', ' 300 '], ['x', '-1.5e3'], ['wet', 'true'], ['lot', '007'], ['serial', '12345678901234567890'], ['of', '3 %'], [' ', '']), {});
  assert.deepEqual(facts, { t: 300, x: -1500, wet: true, lot: '007', serial: '12345678901234567890', of: '3 %' });
});

test('a text that was not touched stays one', () => {
  const before = { lot: '300', t: 300 };
  assert.deepEqual(factsIn(typedFacts(before), before), before);
  assert.deepEqual(factsIn(typed(['lot', '301']), before), { lot: 301 });
});

test('what is wrong is said with the field that it is about', () => {
  const wrongIn = (...facts: [string, string][]): string => {
    try {
      factsIn(typed(...facts), {});
      return '';
    } catch (error) {
      return (error as FieldError).field;
    }
  };
  const [, second] = typed(['', ''], ['', '']);
  assert.equal(wrongIn(['a', '1'], ['', '2']), nameField(second!));
  assert.equal(wrongIn(['a', '1'], ['b', ' ']), valueField(second!));
  assert.equal(wrongIn(['a', '1'], [' a', '2']), nameField(second!));
  assert.equal(wrongIn(['toString', '1'], ['__proto__', '2']), '');
});
