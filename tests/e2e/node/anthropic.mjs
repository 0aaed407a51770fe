// The official Anthropic client accepts what the fake server sends and puts together what the script says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { calls, fakeServer, text, thrown, usage, whole } from './fake.mjs';

let server, client;
before(async () => {
  server = await fakeServer();
  client = new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0 });
});
after(() => server.stop());

const messages = [{ role: 'user', content: 'Hello' }];
const request = { model: 'fake', max_tokens: 100, messages };
const expectedUsage = { input_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 100, output_tokens: 30 };
const expectedCalls = calls.map((c) => ({ type: 'tool_use', id: c.id, name: c.call, input: c.arguments }));

test('everything at once, streamed and whole', async () => {
  const steps = [{ thinking: ['Let me', ' see.'], signature: 'c2ln' }, { thinking: [], redacted: 'aGlkZGVu' }, text, ...calls];
  const expected = [{ type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' }, { type: 'redacted_thinking', data: 'aGlkZGVu' },
    { type: 'text', text: whole }, ...expectedCalls];
  await server.script({ steps, usage }, { steps, usage, cut: 1 }, { steps, usage, quirks: ['crlf'] }, { steps, usage });
  for (let i = 0; i < 3; ++i) {
    const pieces = [];
    const reply = await client.messages.stream(request).on('text', (piece) => pieces.push(piece)).finalMessage();
    assert.deepEqual(pieces, text.text);
    assert.deepEqual(JSON.parse(JSON.stringify(reply.content)), expected);
    assert.deepEqual(reply.usage, expectedUsage);
    assert.equal(reply.stop_reason, 'tool_use');
  }
  const reply = await client.messages.create(request);
  assert.deepEqual(reply.content, expected);
  assert.deepEqual(reply.usage, expectedUsage);
  assert.ok(reply._request_id);
});

test('stop reasons', async () => {
  const stops = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal', pause: 'pause_turn', stop_sequence: 'stop_sequence' };
  for (const [stop, expected] of Object.entries(stops)) {
    await server.script({ steps: [text], stop }, { steps: [text], stop });
    assert.equal((await client.messages.stream(request).finalMessage()).stop_reason, expected);
    assert.equal((await client.messages.create(request)).stop_reason, expected);
  }
});

test('status errors are the classes that they should be', async () => {
  const classes = [[400, Anthropic.BadRequestError, 'invalid_request_error'], [401, Anthropic.AuthenticationError, 'authentication_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'], [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'], [529, Anthropic.InternalServerError, 'overloaded_error']];
  for (const [status, kind, type] of classes) {
    await server.script({ status, message: 'No.', headers: { 'retry-after': '7' } });
    const error = await thrown(() => client.messages.create({ ...request, stream: true }));
    assert.ok(error instanceof kind, `${status}: ${error}`);
    assert.deepEqual(error.error.error, { type, message: 'No.' });
    assert.equal(error.headers.get('retry-after'), '7');
  }
  await server.script({ status: 400, kind: 'context' });
  assert.match((await thrown(() => client.messages.create(request))).message, /prompt is too long/);
});

test('the client repeats after 529 and after a reset', async () => {
  await server.script({ status: 529, headers: { 'retry-after-ms': '1' } }, { steps: [{ fault: 'reset' }] }, { steps: [text] });
  const patient = new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 2 });
  assert.equal((await patient.messages.create(request)).content[0].text, whole);
});

test('an error in the stream', async () => {
  await server.script({ steps: [text, { fault: 'error', message: 'Too much.' }] });
  const error = await thrown(() => client.messages.stream(request).finalMessage());
  assert.ok(error instanceof Anthropic.APIError, String(error));
  assert.deepEqual(error.error.error, { type: 'overloaded_error', message: 'Too much.' });
});

test('streams that break are no replies', async () => {
  for (const fault of ['reset', 'eof', 'closed', 'wrong_json']) {
    await server.script({ steps: [text, { fault }] });
    await thrown(() => client.messages.stream(request).finalMessage());
  }
});

test('counting, models, and what the real server refuses', async () => {
  assert.ok((await client.messages.countTokens({ model: 'fake', messages })).input_tokens > 0);
  assert.deepEqual((await client.models.list()).data.map((m) => m.id), ['fake']);
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'add', input: {} }] };
  for (const wrong of [[call], [...messages, call], [...messages, call, messages[0]]]) {
    const error = await thrown(() => client.messages.create({ ...request, messages: wrong }));
    assert.ok(error instanceof Anthropic.BadRequestError);
  }
});
