import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../../daemon/web/src/api/types.ts';
import { examplesOf, sentenceOf } from '../../../daemon/web/src/chat/phrases.ts';

const number = { type: 'integer', minimum: 10, maximum: 1_000 };
const it = { type: 'string', format: 'artifact', 'x-artifact-kinds': ['growth'] };
const tool = (fields: Partial<Tool>): Tool => ({
  name: 'grow', title: null, description: '', category: 'growth', input_schema: {}, output_schema: null,
  effects: { reads: false, writes: true, network: false, destructive: false, idempotent: true }, needs_approval: false,
  time_limit_s: 1, job_after_s: 1, memory_limit_mb: 1, long_running: false, requires_project: false, looks_up: [], phrases: [],
  options: [], plugin: { id: 'x', version: null }, allowed: true, quotas: [], ...fields,
});
const reading = { reads: true, writes: true, network: false, destructive: false, idempotent: true };

test('a phrase is said with its first alternatives and without what is optional', () => {
  const properties = { n: number };
  assert.equal(sentenceOf('(grow|make) [a big|a small [red]] (cluster|tree{kind=tree}) of {n} particles', properties), 'Grow cluster of 500 particles');
  assert.equal(sentenceOf('run [a] (simulation|run) of [the|my] [new] kind', properties), 'Run a simulation of the kind');
  assert.equal(sentenceOf('in (2d{dimensions=2}|3d)', properties), 'In 2d');
  assert.equal(sentenceOf('({unknown}|something) else', properties), 'Something else');
  assert.equal(sentenceOf('show {unknown}', properties), null);
});

test('numbers keep to their bounds', () => {
  assert.equal(sentenceOf('{n}', { n: { type: 'integer', maximum: 20 } }), '20');
  assert.equal(sentenceOf('{n}', { n: { type: 'integer', default: 7 } }), '7');
});

test('what is required is said, by an option if need be', () => {
  const grow = tool({ phrases: ['grow [{n} of] it'], options: ['[with|of] {n} particles'], input_schema: { properties: { n: number }, required: ['n'] } });
  assert.deepEqual(examplesOf([grow], 4).map((one) => one.text), ['Grow it with 500 particles']);
  assert.deepEqual(examplesOf([tool({ ...grow, options: [] })], 4), [], 'a sentence that would only be asked back is none');
});

test('other tools go on with what is made', () => {
  const grow = tool({ phrases: ['grow'] });
  const make = tool({ name: 'make', phrases: ['make'] });
  const plot = tool({ name: 'plot', category: 'export', effects: reading, phrases: ['draw a nice plot of {of}', 'plot {of}'], input_schema: { properties: { of: it }, required: ['of'] } });
  assert.deepEqual(examplesOf([grow, make, plot], 4).map((one) => one.text), ['Grow', 'Make, then draw a nice plot of it']);
});

test('nobody is told to say what he may not, or what destroys', () => {
  const tools = [
    tool({ allowed: false, phrases: ['forbidden'] }),
    tool({ needs_approval: true, phrases: ['ask'] }),
    tool({ effects: { ...reading, destructive: true }, phrases: ['destroy'] }),
    tool({ requires_project: true, phrases: ['in a project'] }),
  ];
  assert.deepEqual(examplesOf(tools, 4), []);
});
