// The official openai clients (6.49, 7.55 with its strict stream, 4.104) run assistants against the daemon, whose
// model is the fake server of FAKE_MODEL_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import OpenAI4 from 'openai-4';
import OpenAI7 from 'openai-7';
import { text, thrown, usage, whole } from './fake.mjs';

const options = { apiKey: 'k', baseURL: process.env.ASSISTD_URL, maxRetries: 0 };
const client = new OpenAI(options);
const script = async (...replies) => {
  const reply = await fetch(`${process.env.FAKE_MODEL_URL}/_script`, { method: 'POST', body: JSON.stringify({ replies }) });
  assert.ok(reply.ok, await reply.text());
};
const weather = {
  type: 'function',
  function: { name: 'get_weather', description: 'The weather.', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const calls = [
  { call: 'get_weather', arguments: { city: 'Köln' }, id: 'call_1' },
  { call: 'list_algorithms', arguments: {}, id: 'call_2' },
  { call: 'get_weather', arguments: { city: 'Ulm' }, id: 'call_3' },
];
const tools = [weather, { type: 'function', function: { name: 'list_algorithms' } }];
const makeAssistant = () => client.beta.assistants.create({ model: 'main:fake', instructions: 'Be brief.', tools });
const makeThread = () => client.beta.threads.create({ messages: [{ role: 'user', content: 'Hello' }] });
const outputsFor = (run) => run.required_action.submit_tool_outputs.tool_calls.map((call) => ({ tool_call_id: call.id, output: 'wet' }));

for (const [version, Client] of [['6', OpenAI], ['7', OpenAI7]]) {
  const one = new Client(options);

  test(`openai@${version}: a streamed run with tools of both sides`, async () => {
    await script({ steps: [text, ...calls], usage }, { steps: [text], usage });
    const [assistant, thread] = [await makeAssistant(), await makeThread()];
    const seen = [];
    const note = (stream) => stream
      .on('textCreated', () => seen.push('textCreated')).on('textDone', (done) => seen.push(`textDone ${done.value}`))
      .on('toolCallCreated', (call) => seen.push(`call ${call.function.name}`)).on('toolCallDone', () => seen.push('callDone'))
      .on('messageDone', (message) => seen.push(`message ${message.status}`)).on('runStepDone', (step) => seen.push(`step ${step.type} ${step.status}`));
    const run = await note(one.beta.threads.runs.stream(thread.id, { assistant_id: assistant.id })).finalRun();
    assert.equal(run.status, 'requires_action');
    assert.deepEqual(run.required_action.submit_tool_outputs.tool_calls.map((c) => JSON.parse(c.function.arguments).city), ['Köln', 'Ulm']);
    const stream = note(one.beta.threads.runs.submitToolOutputsStream(run.id, { thread_id: thread.id, tool_outputs: outputsFor(run) }));
    const ended = await stream.finalRun();
    assert.equal(ended.status, 'completed');
    const messages = await stream.finalMessages();
    assert.equal(messages.at(-1).content[0].text.value, whole);
    assert.deepEqual(seen.filter((event) => event.startsWith('text')), ['textCreated', `textDone ${whole}`, 'textCreated', `textDone ${whole}`]);
    assert.deepEqual(seen.filter((event) => event.startsWith('call ')), ['call get_weather', 'call list_algorithms', 'call get_weather']);
  });

  test(`openai@${version}: createAndPoll and submitToolOutputsAndPoll`, async () => {
    await script({ steps: calls }, { steps: [text], usage });
    const [assistant, thread] = [await makeAssistant(), await makeThread()];
    let run = await one.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
    assert.equal(run.status, 'requires_action');
    run = await one.beta.threads.runs.submitToolOutputsAndPoll(run.id, { thread_id: thread.id, tool_outputs: outputsFor(run) });
    assert.equal(run.status, 'completed');
    const page = await one.beta.threads.messages.list(thread.id, { run_id: run.id });
    assert.equal(page.data[0].content[0].text.value, whole);
    const steps = await one.beta.threads.runs.steps.list(run.id, { thread_id: thread.id });
    assert.deepEqual(steps.data.map((step) => step.type), ['message_creation', 'tool_calls']);
    const step = await one.beta.threads.runs.steps.retrieve(steps.data[1].id, { thread_id: thread.id, run_id: run.id });
    assert.equal(step.step_details.tool_calls[0].function.output, 'wet');
  });

  test(`openai@${version}: createAndRun, streamed and polled, and a failure`, async () => {
    await script({ steps: [text] }, { steps: [text] }, { steps: [text, { fault: 'error', message: 'Too much.' }] });
    const assistant = await makeAssistant();
    const body = { assistant_id: assistant.id, thread: { messages: [{ role: 'user', content: 'Hello' }] } };
    assert.equal((await one.beta.threads.createAndRunPoll(body)).status, 'completed');
    assert.equal((await one.beta.threads.createAndRunStream(body).finalRun()).status, 'completed');
    const failed = await one.beta.threads.createAndRunPoll(body);
    assert.equal(failed.status, 'failed');
    assert.match(failed.last_error.message, /^The model could not answer/);
  });
}

test('openai@4: a streamed run, and a poll', async () => {
  const old = new OpenAI4(options);
  await script({ steps: [text] }, { steps: calls }, { steps: [text] });
  const [assistant, thread] = [await makeAssistant(), await makeThread()];
  const run = await old.beta.threads.runs.stream(thread.id, { assistant_id: assistant.id }).finalRun();
  assert.equal(run.status, 'completed');
  await old.beta.threads.messages.create(thread.id, { role: 'user', content: 'And now?' });
  const waiting = await old.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
  const done = await old.beta.threads.runs.submitToolOutputsAndPoll(thread.id, waiting.id, { tool_outputs: outputsFor(waiting) });
  assert.equal(done.status, 'completed');
});

test('a locked thread, a run that is over and a foreign id are errors that are not tried again', async () => {
  await script({ steps: calls });
  const [assistant, thread] = [await makeAssistant(), await makeThread()];
  const run = await client.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
  for (const work of [() => client.beta.threads.messages.create(thread.id, { role: 'user', content: 'x' }),
    () => client.beta.threads.runs.create(thread.id, { assistant_id: assistant.id })]) {
    assert.ok(await thrown(work) instanceof OpenAI.BadRequestError);
  }
  await client.beta.threads.runs.cancel(run.id, { thread_id: thread.id });
  assert.equal((await client.beta.threads.runs.poll(run.id, { thread_id: thread.id })).status, 'cancelled');
  assert.ok(await thrown(() => client.beta.threads.runs.cancel(run.id, { thread_id: thread.id })) instanceof OpenAI.BadRequestError);
  assert.ok(await thrown(() => client.beta.threads.runs.retrieve('run_x', { thread_id: thread.id })) instanceof OpenAI.NotFoundError);
});
