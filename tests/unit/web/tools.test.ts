import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../../daemon/web/src/api/types.ts';
import { titleOfTool, tools, withTitles } from '../../../daemon/web/src/state/tools.ts';

test('sentences call tools by their titles', () => {
  tools.value = [{ name: 'run_dla_simulation', title: 'DLA simulation' }, { name: 'run_cca', title: 'CCA' }] as Tool[];
  assert.equal(withTitles('The study "Big" of run_dla_simulation has ended: 2 of 2 runs.'), 'The study "Big" of DLA simulation has ended: 2 of 2 runs.');
  assert.equal(withTitles('The study "DLA simulation" of run_dla_simulation has ended.'), 'The study "DLA simulation" has ended.', 'its own name');
  assert.equal(withTitles('The study "CCA" of run_cca2 or some_other_name.'), 'The study "CCA" of run_cca2 or some_other_name.');
  assert.equal(withTitles('He said "twice" of twice.'), 'He said "twice" of twice.', 'where no tool is named, nothing is changed');
  assert.equal(titleOfTool('some_other'), 'Some other');
});
