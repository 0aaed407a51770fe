// The official openai client and Vercel's AI SDK against the daemon's chat completions. The daemon's model is the
// fake server of FAKE_MODEL_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { collect, text, thrown, usage, whole } from './fake.mjs';

const url = process.env.ASSISTD_URL;
const client = new OpenAI({ apiKey: 'k', baseURL: url, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hello' }];
const script = async (...replies) => {
  const reply = await fetch(`${process.env.FAKE_MODEL_URL}/_script`, { method: 'POST', body: JSON.stringify({ replies }) });
  assert.ok(reply.ok, await reply.text());
};
const weather = (seen) => ({
  type: 'function',
  function: {
    name: 'get_weather', parse: JSON.parse, description: 'The weather.', parameters: { type: 'object', properties: { city: { type: 'string' } } },
    function: (given) => { seen.push(given.city); return 'wet'; },
  },
});
const calls = [
  { call: 'get_weather', arguments: { city: 'Köln' }, id: 'call_1' },
  { call: 'list_algorithms', arguments: {}, id: 'call_2' },
  { call: 'get_weather', arguments: { city: 'Ulm' }, id: 'call_3' },
];

test('openai: whole and streamed', async () => {
  await script({ steps: [text], usage }, { steps: [text], usage });
  const reply = await client.chat.completions.create({ model: 'main:fake', messages });
  assert.equal(reply.choices[0].message.content, whole);
  assert.equal(reply.usage.total_tokens, 150);
  assert.ok(reply._request_id);
  const pieces = [];
  const running = client.chat.completions.stream({ model: 'main:fake', messages, stream_options: { include_usage: true } })
    .on('content', (piece) => pieces.push(piece));
  const streamed = await running.finalChatCompletion();
  assert.equal(streamed.choices[0].message.content, whole);
  assert.equal(pieces.filter(Boolean).join(''), whole);
  assert.equal(streamed.usage.prompt_tokens, 120);
});

test('openai: runTools with tools of both sides, whole and streamed', async () => {
  for (const stream of [false, true]) {
    await script({ steps: calls }, { steps: [text] });
    const seen = [];
    const runner = client.chat.completions.runTools({ model: 'main:fake', messages, stream, tools: [weather(seen)] });
    assert.equal(await runner.finalContent(), whole);
    assert.deepEqual(seen, ['Köln', 'Ulm']);
  }
});

test('openai: errors have their classes, and 429 is asked again', async () => {
  const missing = await thrown(() => client.chat.completions.create({ model: 'nobody:nothing at all', messages: [] }));
  assert.ok(missing instanceof OpenAI.BadRequestError, String(missing));
  assert.equal(missing.param, 'messages');
  await script({ steps: [text, { fault: 'error', message: 'Too much.' }] });
  const broken = await thrown(() => client.chat.completions.stream({ model: 'main:fake', messages }).done());
  assert.ok(broken instanceof OpenAI.APIError, String(broken));
});

test('openai: models page by themselves', async () => {
  const models = await collect(client.models.list());
  assert.ok(models.some((model) => model.id === 'main:fake'));
  assert.equal((await client.models.retrieve('main:fake')).id, 'main:fake');
});

test('openai: the offline model runs the tools', async () => {
  const reply = await client.chat.completions.create({ model: 'offline', messages: [{ role: 'user', content: 'Run a DLA simulation with 60 particles' }] });
  assert.match(reply.choices[0].message.content, /simulation-\d+/);
  assert.equal(reply.choices[0].finish_reason, 'stop');
});

test('openai: embeddings, packed and plain', async () => {
  const input = ['one', '世界'];
  const packed = await client.embeddings.create({ model: 'main:fake', input });
  const plain = await client.embeddings.create({ model: 'main:fake', input, encoding_format: 'float' });
  assert.equal(packed.data.length, 2);
  packed.data.forEach((one, i) => one.embedding.forEach((number, k) => assert.ok(Math.abs(number - plain.data[i].embedding[k]) < 1e-6)));
});

const provider = createOpenAICompatible({ name: 'assistd', baseURL: url, includeUsage: true });
const tools = () => ({
  get_weather: tool({ description: 'The weather.', inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => `${city}: wet` }),
});

test('ai: text, whole and streamed', async () => {
  await script({ steps: [text], usage }, { steps: [text], usage });
  assert.equal((await generateText({ model: provider('main:fake'), prompt: 'Hello' })).text, whole);
  const result = streamText({ model: provider('main:fake'), prompt: 'Hello' });
  assert.equal((await collect(result.textStream)).join(''), whole);
  assert.equal(await result.finishReason, 'stop');
  assert.equal((await result.usage).totalTokens, 150);
});

test('ai: a tool loop, whole and streamed', async () => {
  for (const run of [generateText, streamText]) {
    await script({ steps: calls }, { steps: [text] });
    const result = await run({ model: provider('main:fake'), prompt: 'Hello', tools: tools(), stopWhen: stepCountIs(4) });
    if (run === streamText) await collect(result.textStream);
    assert.equal((await result.steps).length, 2);
    assert.equal(await result.text, whole);
  }
});

test('ai: an error is an error', async () => {
  const error = await thrown(() => generateText({ model: provider('a b c'), prompt: '', maxRetries: 0 }));
  assert.ok(error);
});
