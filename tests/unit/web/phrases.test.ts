import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../../daemon/web/src/api/types.ts';
import { examplesOf, sentenceOf } from '../../../daemon/web/src/chat/phrases.ts';
import { sayingsIn } from '../../../daemon/web/src/chat/sayings.ts';

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
  const build = tool({ name: 'build', phrases: ['build'] });
  const input_schema = { properties: { of: it }, required: ['of'] };
  const plot = tool({ name: 'plot', category: 'export', effects: reading, phrases: ['draw a nice plot of {of}', 'plot {of}'], input_schema });
  const save = tool({ name: 'save', category: 'export', effects: reading, phrases: ['save {of}'], input_schema });
  const measure = tool({ name: 'measure', category: 'analysis', effects: reading, phrases: ['measure {of}'], input_schema });
  assert.deepEqual(examplesOf([grow, make, plot], 4).map((one) => one.text), ['Grow', 'Make, then draw a nice plot of it']);
  assert.deepEqual(examplesOf([grow, make, build, plot, save, measure], 3).map((one) => one.text), ['Grow', 'Make, then save it', 'Build, then measure it'], 'one of each kind');
});

test('where there are documents one can ask about them', () => {
  const search = tool({ name: 'file_search', effects: { ...reading, writes: false }, phrases: ['what do [the|my] (documents|files) say about {query}'], input_schema: { properties: { query: { type: 'string' } } } });
  assert.deepEqual(examplesOf([tool({ phrases: ['grow'] }), search], 4, true).map((one) => one.text), ['Grow', 'What do the documents say about ']);
  assert.deepEqual(examplesOf([tool({ phrases: ['grow'] }), search], 4).map((one) => one.text), ['Grow']);
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

test('what is proposed is told from other quotes', () => {
  const said = (text: string) => sayingsIn(text).flatMap((piece) => piece.saying ?? []);
  assert.deepEqual(said('“Run a simulation”'), ['Run a simulation'], 'in a list');
  assert.deepEqual(sayingsIn('Done. Next you could say “Analyze it”.'), [
    { text: 'Done. Next you could say ', saying: null }, { text: '“Analyze it”', saying: 'Analyze it' }, { text: '.', saying: null },
  ]);
  assert.deepEqual(said('Did you mean “Plot it”? Say “yes” and I do it.'), ['Plot it', 'yes']);
  assert.deepEqual(said('Joined by “then” or “and”. “List tools” shows everything.'), ['List tools']);
  assert.deepEqual(sayingsIn('I left this out because I did not understand it: “the moon”.'), []);
});

test('without plugins nothing is proposed that is about what plugins make, but documents can be asked', () => {
  const plugin = { id: 'assistd', version: '1' };
  const reads = { ...reading, writes: false };
  const status = tool({ name: 'get_job_status', phrases: ['how is my job'], effects: reads, plugin });
  const search = tool({ name: 'file_search', phrases: ['what do the documents say about {query}'], input_schema: { properties: { query: { type: 'string' } }, required: ['query'] }, effects: reads, plugin });
  assert.deepEqual(examplesOf([status, search], 4), []);
  assert.deepEqual(examplesOf([status, search], 4, true).map((one) => one.tool), ['file_search']);
  assert.deepEqual(examplesOf([status, tool({ name: 'look', phrases: ['look around'], effects: reads })], 4).map((one) => one.tool), ['look']);
});
