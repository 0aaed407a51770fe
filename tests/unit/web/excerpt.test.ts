import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piecesOf } from '../../../daemon/web/src/shell/excerpt.ts';

const shown = (text: string, ...words: string[]): string => {
  const characters = [...text];
  const marks = words.map((word) => {
    const start = [...text.slice(0, text.indexOf(word))].length;
    return { start, end: start + [...word].length };
  });
  assert.ok(marks.every(({ start, end }) => start >= 0 && end <= characters.length));
  return piecesOf({ excerpt: { text, marks } }).map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text)).join('');
};

test('the first word that was found stands near the beginning', () => {
  assert.equal(shown('Began the study of DLA with 6 runs of it; n = 300 particles, 600 particles', 'particles'), '…of it; n = 300 [particles], 600 particles');
  assert.equal(shown('soot grows', 'soot'), '[soot] grows');
  assert.equal(shown('it is soot that grows', 'soot', 'grows'), 'it is [soot] that [grows]');
  assert.equal(shown('…and so on, it is soot', 'soot'), '…and so on, it is [soot]', 'all of a short beginning');
  assert.equal(shown('x'.repeat(60) + 'soot', 'soot'), `…${'x'.repeat(20)}[soot]`, 'one long word');
  assert.equal(shown('🧪🧪🧪 soot', 'soot'), '🧪🧪🧪 [soot]', 'characters, not code units');
});

test('an excerpt without a mark is shown as it is', () => {
  assert.deepEqual(piecesOf({ excerpt: { text: 'soot', marks: [] } }), [{ text: 'soot', isFound: false }]);
});
