// The official openai client accepts what the fake server sends and puts together what the script says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { calls, collect, fakeServer, text, thrown, usage, whole } from './fake.mjs';

let server, client;
before(async () => {
  server = await fakeServer();
  client = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
});
after(() => server.stop());

const messages = [{ role: 'user', content: 'Hello' }];
const ask = (more = {}) => client.chat.completions.create({ model: 'fake', messages, ...more });
const stream = (more = {}) => client.chat.completions.stream(
  { model: 'fake', messages, stream_options: { include_usage: true }, ...more });
const expectedUsage = {
  prompt_tokens: 120, completion_tokens: 30, total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 }, completion_tokens_details: { reasoning_tokens: 0 },
};
const told = (message) => message.tool_calls.map((c) => [c.id, c.type, c.function.name, JSON.parse(c.function.arguments)]);
const expectedCalls = calls.map((c) => [c.id, 'function', c.call, c.arguments]);

test('text, whole', async () => {
  await server.script({ steps: [text], usage });
  const reply = await ask();
  assert.equal(reply.choices[0].message.content, whole);
  assert.equal(reply.choices[0].finish_reason, 'stop');
  assert.deepEqual(reply.usage, expectedUsage);
  assert.ok(reply._request_id);
});

test('text, streamed, cut at every byte', async () => {
  await server.script({ steps: [text, { ping: true }], usage, cut: 1 }, { steps: [text], usage, quirks: ['crlf'] });
  for (let i = 0; i < 2; ++i) {
    const pieces = [];
    const running = stream().on('content', (piece) => pieces.push(piece));
    const reply = await running.finalChatCompletion();
    assert.deepEqual(pieces, text.text);
    assert.equal(reply.choices[0].message.content, whole);
    assert.deepEqual(reply.usage, expectedUsage);
  }
});

test('parallel calls after text and thinking', async () => {
  const reply = { steps: [{ thinking: ['Let me', ' see.'] }, text, ...calls], usage };
  await server.script(reply, reply, reply);
  const streamed = (await stream().finalChatCompletion()).choices[0];
  assert.equal(streamed.finish_reason, 'tool_calls');
  assert.equal(streamed.message.content, whole);
  assert.deepEqual(told(streamed.message), expectedCalls);
  const asked = (await ask()).choices[0];
  assert.deepEqual(told(asked.message), expectedCalls);
  assert.equal(asked.message.reasoning_content, 'Let me see.');
  const chunks = await collect(await ask({ stream: true }));
  assert.equal(chunks.map((c) => c.choices[0]?.delta.reasoning_content ?? '').join(''), 'Let me see.');
});

test('a tool loop of the client itself', async () => {
  await server.script({ steps: calls }, { steps: [text] });
  const seen = [];
  const tool = (name) => ({
    type: 'function',
    function: { name, parse: JSON.parse, parameters: { type: 'object' }, function: (a) => { seen.push([name, a]); return 'ok'; } },
  });
  const runner = client.chat.completions.runTools({ model: 'fake', messages, stream: true, tools: [tool('add'), tool('now')] });
  assert.equal(await runner.finalContent(), whole);
  assert.deepEqual(seen, [['add', { a: 1, b: [2, 3] }], ['now', {}]]);
});

test('stop reasons and arguments that were cut off', async () => {
  await server.script({ steps: [{ call: 'add', arguments: '{"a": 1, "b', id: 'x' }], stop: 'length' },
    { steps: [text], stop: 'content_filter' });
  const choice = (await collect(await ask({ stream: true }))).filter((c) => c.choices[0]);
  assert.equal(choice.at(-1).choices[0].finish_reason, 'length');
  assert.equal(choice.map((c) => c.choices[0].delta.tool_calls?.[0].function.arguments ?? '').join(''), '{"a": 1, "b');
  assert.equal((await ask()).choices[0].finish_reason, 'content_filter');
});

test('status errors are the classes that they should be', async () => {
  const classes = [[400, OpenAI.BadRequestError], [401, OpenAI.AuthenticationError], [404, OpenAI.NotFoundError],
    [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError], [503, OpenAI.InternalServerError],
    [529, OpenAI.InternalServerError]];
  for (const [status, kind] of classes) {
    await server.script({ status, message: 'No.', headers: { 'retry-after': '7' } });
    const error = await thrown(() => ask({ stream: true }));
    assert.ok(error instanceof kind, `${status}: ${error}`);
    assert.equal(error.status, status);
    assert.equal(error.error.message, 'No.');
    assert.equal(error.headers.get('retry-after'), '7');
  }
  await server.script({ status: 400, kind: 'context' });
  assert.equal((await thrown(() => ask())).code, 'context_length_exceeded');
});

test('the client repeats after 429 and after a reset', async () => {
  await server.script({ status: 429, headers: { 'retry-after-ms': '1' } }, { steps: [{ fault: 'reset' }] }, { steps: [text] });
  const patient = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 2 });
  const reply = await patient.chat.completions.create({ model: 'fake', messages });
  assert.equal(reply.choices[0].message.content, whole);
});

test('an error in the stream', async () => {
  await server.script({ steps: [text, { fault: 'error', message: 'Too much.' }] });
  const error = await thrown(() => stream().done());
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.equal(error.error.message, 'Too much.');
});

test('streams that break are no replies', async () => {
  for (const fault of ['reset', 'eof', 'closed', 'garbage', 'wrong_json']) {
    await server.script({ steps: [text, { fault }] });
    await thrown(() => stream().done());
  }
});

test('leaving is noticed', async () => {
  await server.script({ steps: [text, { fault: 'silence' }] });
  const running = await ask({ stream: true });
  for await (const _ of running) break;
  const deadline = Date.now() + 20000;
  while (!(await server.requests()).at(-1).client_left) assert.ok(Date.now() < deadline, 'not noticed');
});

test('models and embeddings', async () => {
  assert.deepEqual((await client.models.list()).data.map((m) => m.id), ['fake']);
  assert.equal((await client.models.retrieve('fake')).id, 'fake');
  const vectors = await client.embeddings.create({ model: 'fake', input: ['one', 'two'] });
  const floats = await client.embeddings.create({ model: 'fake', input: ['one', 'two'], encoding_format: 'float' });
  assert.equal(vectors.data.length, 2);
  assert.deepEqual(Array.from(vectors.data[1].embedding), floats.data[1].embedding);
});

test('what the real server refuses is refused', async () => {
  const error = await thrown(() => ask({ messages: [...messages, { role: 'tool', tool_call_id: 'x', content: 'y' }] }));
  assert.ok(error instanceof OpenAI.BadRequestError);
});
