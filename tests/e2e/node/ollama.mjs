// The official Ollama client accepts what the fake server sends and puts together what the script says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ollama } from 'ollama';
import { calls, collect, fakeServer, text, thrown, usage, whole } from './fake.mjs';

let server, client;
before(async () => {
  server = await fakeServer();
  client = new Ollama({ host: server.url });
});
after(() => server.stop());

const request = { model: 'fake', messages: [{ role: 'user', content: 'Hello' }] };
const expectedCalls = calls.map((c) => ({ function: { name: c.call, arguments: c.arguments } }));
const joined = (lines, key) => lines.map((line) => line.message[key] ?? '').join('');

test('everything at once, streamed and whole', async () => {
  const steps = [{ thinking: ['Let me', ' see.'] }, text, ...calls];
  await server.script({ steps, usage }, { steps, usage, cut: 1 }, { steps, usage });
  for (let i = 0; i < 2; ++i) {
    const lines = await collect(await client.chat({ ...request, stream: true }));
    assert.equal(joined(lines, 'content'), whole);
    assert.equal(joined(lines, 'thinking'), 'Let me see.');
    assert.deepEqual(lines.flatMap((line) => line.message.tool_calls ?? []), expectedCalls);
    const last = lines.at(-1);
    assert.deepEqual([last.done, last.done_reason, last.prompt_eval_count, last.eval_count], [true, 'stop', 120, 30]);
    assert.ok(lines.slice(0, -1).every((line) => line.done === false));
  }
  const reply = await client.chat(request);
  assert.deepEqual(reply.message, { role: 'assistant', content: whole, thinking: 'Let me see.', tool_calls: expectedCalls });
  assert.equal(reply.prompt_eval_count, 120);
});

test('ids of newer servers, a cached prompt, and the limit', async () => {
  await server.script({ steps: calls, quirks: ['with_ids'] },
    { steps: [text], usage: { prompt: 50, cached: 50, completion: 3 }, stop: 'length' });
  const [first, second] = (await client.chat(request)).message.tool_calls;
  assert.deepEqual([first.id, first.function.index, second.id, second.function.index], ['call_first', 0, 'call_second', 1]);
  const reply = await client.chat(request);
  assert.equal(reply.done_reason, 'length');
  assert.ok(!('prompt_eval_count' in reply));
});

test('errors by status and in the stream', async () => {
  for (const status of [400, 404, 429, 500, 503]) {
    await server.script({ status, message: 'No.' });
    const error = await thrown(() => client.chat({ ...request, stream: true }));
    assert.deepEqual([error.status_code, error.message], [status, 'No.']);
  }
  await server.script({ steps: [text, { fault: 'error', message: 'Too much.' }] });
  assert.equal((await thrown(async () => collect(await client.chat({ ...request, stream: true })))).message, 'Too much.');
});

test('streams that break are no replies', async () => {
  for (const fault of ['reset', 'eof', 'closed']) {
    await server.script({ steps: [text, { fault }] });
    await thrown(async () => collect(await client.chat({ ...request, stream: true })));
  }
});

test('what the server has', async () => {
  assert.deepEqual((await client.list()).models.map((m) => m.name), ['fake']);
  assert.deepEqual((await client.show({ model: 'fake' })).capabilities, ['completion', 'tools', 'thinking', 'vision']);
  assert.equal((await client.version()).version, '0.12.0');
  assert.equal((await client.embed({ model: 'fake', input: ['one', 'two'] })).embeddings.length, 2);
});
