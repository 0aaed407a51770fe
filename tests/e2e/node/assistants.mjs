// The official openai client against a daemon: assistants, threads and their messages, without runs. Started by
// assistants.py, which says in the environment where the daemon is. Most of it with one version of the client, and
// the main path with an older and a newer one, whose requests differ.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import OpenAI4 from 'openai-4';
import OpenAI7 from 'openai-7';

const baseURL = process.env.ASSISTD_OPENAI_URL;
const client = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 });
const { assistants, threads } = client.beta;
const { messages } = threads;
const model = 'offline';
const nobody = '0'.repeat(32);

// A refusal with this status and param, and the other members that errors have.
const refused = (promise, status, param = null) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.equal(error.status, status, error.message);
  assert.equal(error.param, param, error.message);
  assert.ok(error.type && error.requestID && error.message.length > 10);
  return true;
});
const keys = (object, ...names) => assert.deepEqual(Object.keys(object).sort(), names.sort());
const text = (message) => message.content.map((part) => part.text.value).join('|');
const collect = async (pages) => {
  const all = [];
  for await (const item of pages) all.push(item);
  return all;
};

test('an assistant with everything, and one with nothing', async () => {
  const store = await client.vectorStores.create({ name: 's' });
  const given = {
    model,
    name: '測定の助手 😀',
    description: 'd'.repeat(512),
    instructions: 'Answer briefly.',
    temperature: 0,
    top_p: 1,
    reasoning_effort: 'low',
    tools: [
      { type: 'file_search', file_search: { max_num_results: 5, ranking_options: { score_threshold: 0.5 } } },
      { type: 'function', function: { name: 'look_up', description: 'Looks.', strict: true,
        parameters: { type: 'object', properties: { z: { type: 'string' }, a: { type: 'number' } }, required: ['z'] } } },
    ],
    tool_resources: { file_search: { vector_store_ids: [store.id] } },
    metadata: { lab: 'α', run: '7' },
    response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' }, strict: true } },
  };
  const before = Math.floor(Date.now() / 1000);
  const made = await assistants.create(given);
  keys(made, 'id', 'object', 'created_at', 'name', 'description', 'model', 'instructions', 'tools', 'tool_resources',
    'metadata', 'temperature', 'top_p', 'reasoning_effort', 'response_format');
  assert.match(made.id, /^asst_[0-9a-f]{32}$/);
  assert.equal(made.object, 'assistant');
  assert.ok(Number.isInteger(made.created_at) && made.created_at >= before);
  assert.equal(made.tools[0].file_search.ranking_options.ranker, 'auto');
  made.tools[0].file_search.ranking_options = { score_threshold: 0.5 };
  for (const [name, value] of Object.entries(given)) assert.deepEqual(made[name], value, name);
  assert.deepEqual(Object.keys(made.tools[1].function.parameters.properties), ['z', 'a']);
  const bare = await assistants.create({ model });
  for (const name of ['name', 'description', 'instructions', 'temperature', 'top_p', 'reasoning_effort'])
    assert.equal(bare[name], null, name);
  assert.deepEqual([bare.tools, bare.tool_resources, bare.metadata, bare.response_format], [[], {}, {}, 'auto']);
  assert.deepEqual(await assistants.retrieve(bare.id), bare);
  assert.deepEqual(await assistants.delete(bare.id), { id: bare.id, object: 'assistant.deleted', deleted: true });
  await refused(assistants.retrieve(bare.id), 404);
});

test('an assistant is changed, field by field', async () => {
  const made = await assistants.create({ model, name: 'a', description: 'b', temperature: 1, metadata: { a: '1', b: '2' } });
  let changed = await assistants.update(made.id, { description: 'c', metadata: { b: '3', c: '4' } });
  assert.deepEqual(changed, { ...made, description: 'c', metadata: { a: '1', b: '3', c: '4' } });
  changed = await assistants.update(made.id, { name: null, temperature: null, metadata: { a: null } });
  assert.deepEqual(changed, { ...made, name: null, description: 'c', temperature: null, metadata: { b: '3', c: '4' } });
  changed = await assistants.update(made.id, { metadata: null, tools: [{ type: 'file_search' }], response_format: 'auto' });
  assert.deepEqual([changed.metadata, changed.tools], [{}, [{ type: 'file_search' }]]);
  assert.deepEqual(await assistants.retrieve(made.id), changed);
  await refused(assistants.update(made.id, { model: null }), 400, 'model');
  await refused(assistants.update(`asst_${nobody}`, { name: 'x' }), 404);
});

test('every limit of an assistant is refused with its field', async () => {
  const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));
  const tool = (name) => ({ type: 'function', function: { name } });
  const wrong = [
    [{ model: undefined }, 'model'], [{ model: '' }, 'model'], [{ model: 7 }, 'model'],
    [{ name: 'x'.repeat(257) }, 'name'], [{ description: 'x'.repeat(513) }, 'description'],
    [{ instructions: '漢'.repeat(256001) }, 'instructions'],
    [{ temperature: 2.1 }, 'temperature'], [{ temperature: -0.1 }, 'temperature'], [{ temperature: '1' }, 'temperature'],
    [{ top_p: 1.1 }, 'top_p'], [{ reasoning_effort: 'most' }, 'reasoning_effort'],
    [{ tools: many(129, (i) => tool(`f${i}`)) }, 'tools'], [{ tools: 'all' }, 'tools'],
    [{ tools: [{ type: 'browser' }] }, 'tools[0].type'], [{ tools: [{ type: 'code_interpreter' }] }, 'tools[0].type'],
    [{ tools: [tool('a'), tool('no blanks')] }, 'tools[1].function.name'], [{ tools: [tool('x'.repeat(65))] }, 'tools[0].function.name'],
    [{ tools: [tool('a'), tool('a')] }, 'tools[1].function.name'], [{ tools: [{ type: 'function' }] }, 'tools[0].function'],
    [{ tools: [{ type: 'function', function: { name: 'a', parameters: [] } }] }, 'tools[0].function.parameters'],
    [{ tools: [{ type: 'file_search', file_search: { max_num_results: 51 } }] }, 'tools[0].file_search.max_num_results'],
    [{ tools: [{ type: 'file_search', file_search: { ranking_options: {} } }] }, 'tools[0].file_search.ranking_options.score_threshold'],
    [{ tools: [{ type: 'file_search', file_search: { ranking_options: { score_threshold: 1.1 } } }] },
      'tools[0].file_search.ranking_options.score_threshold'],
    [{ tool_resources: { code_interpreter: { file_ids: many(21, () => `file-${nobody}`) } } }, 'tool_resources.code_interpreter.file_ids'],
    [{ tool_resources: { file_search: { vector_store_ids: many(2, () => `vs_${nobody}`) } } }, 'tool_resources.file_search.vector_store_ids'],
    [{ tool_resources: { file_search: { vector_store_ids: [`vs_${nobody}`] } } }, 'tool_resources.file_search.vector_store_ids[0]'],
    [{ tool_resources: { file_search: { vector_stores: [{ file_ids: [`file-${nobody}`] }] } } }, 'tool_resources.file_search.vector_stores[0].file_ids'],
    [{ tool_resources: { file_search: { vector_stores: [{}], vector_store_ids: [`vs_${nobody}`] } } }, 'tool_resources.file_search.vector_stores'],
    [{ tool_resources: { file_search: { vector_store_ids: ['x'] } } }, 'tool_resources.file_search.vector_store_ids[0]'],
    [{ metadata: Object.fromEntries(many(17, (i) => [`k${i}`, 'v'])) }, 'metadata'],
    [{ metadata: { a: 'x'.repeat(513) } }, 'metadata.a'], [{ metadata: { a: 1 } }, 'metadata.a'],
    [{ metadata: { ['k'.repeat(65)]: 'v' } }, `metadata.${'k'.repeat(65)}`],
    [{ response_format: 'json' }, 'response_format'], [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'response_format.json_schema.name'],
  ];
  const count = (await collect(assistants.list({ limit: 100 }))).length;
  for (const [fields, param] of wrong) await refused(assistants.create({ model, ...fields }), 400, param);
  const made = await assistants.create({
    model, name: '字'.repeat(256), tools: many(128, (i) => tool(`f${i}`)), instructions: '漢'.repeat(256000), something_new: { a: [1] },
    metadata: Object.fromEntries(many(16, (i) => [`${i}`.padEnd(64, 'k'), '漢'.repeat(512)])),
  });
  assert.equal(made.tools.length, 128);
  await refused(assistants.update(made.id, { metadata: { one_more: 'v' } }), 400, 'metadata');
  assert.equal((await collect(assistants.list({ limit: 100 }))).length, count + 1);
});

test('lists go both ways and know their ends', async () => {
  for (const one of await collect(assistants.list())) await assistants.delete(one.id);
  assert.deepEqual((await assistants.list()).body, { object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  const made = [];
  for (let i = 0; i < 25; ++i) made.push((await assistants.create({ model, name: `n${i}` })).id);
  const first = await assistants.list();
  assert.equal(first.data.length, 20);
  assert.deepEqual([first.body.first_id, first.body.last_id, first.has_more], [made[24], made[5], true]);
  const ids = async (query) => (await collect(assistants.list(query))).map((one) => one.id);
  assert.deepEqual(await ids(), made.toReversed());
  assert.deepEqual(await ids({ order: 'asc', limit: 7 }), made);
  const before = await assistants.list({ order: 'asc', limit: 3, before: made[10] });
  assert.deepEqual(before.data.map((one) => one.id), made.slice(7, 10));
  assert.equal(before.has_more, true);
  await refused(assistants.list({ limit: 0 }), 400, 'limit');
  await refused(assistants.list({ limit: 101 }), 400, 'limit');
  await refused(assistants.list({ order: 'up' }), 400, 'order');
  await refused(assistants.list({ after: 'asst_none' }), 400, 'after');
  await refused(assistants.list({ before: `asst_${nobody}` }), 400, 'before');
});

test('a thread from its begin to its end', async () => {
  const store = await client.vectorStores.create({ name: 's' });
  const empty = await threads.create();
  keys(empty, 'id', 'object', 'created_at', 'metadata', 'tool_resources');
  assert.deepEqual([empty.object, empty.metadata, empty.tool_resources], ['thread', {}, {}]);
  const thread = await threads.create({
    messages: [
      { role: 'user', content: 'Grüße, 世界 😀', metadata: { n: '1' } },
      { role: 'assistant', content: [{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }] },
    ],
    metadata: { a: '1' },
    tool_resources: { file_search: { vector_store_ids: [store.id] } },
  });
  assert.deepEqual(await threads.retrieve(thread.id), thread);
  assert.deepEqual(thread.tool_resources, { file_search: { vector_store_ids: [store.id] } });
  const said = await collect(messages.list(thread.id, { order: 'asc' }));
  assert.deepEqual(said.map(text), ['Grüße, 世界 😀', 'one|two']);
  assert.deepEqual(said.map((one) => one.role), ['user', 'assistant']);
  assert.deepEqual(said[0].metadata, { n: '1' });
  const changed = await threads.update(thread.id, { metadata: { a: null, b: '2' }, tool_resources: null });
  assert.deepEqual(changed, { ...thread, metadata: { b: '2' }, tool_resources: {} });
  assert.deepEqual(await threads.delete(thread.id), { id: thread.id, object: 'thread.deleted', deleted: true });
  await refused(threads.retrieve(thread.id), 404);
  await refused(messages.list(thread.id), 404);
  await refused(messages.retrieve(said[0].id, { thread_id: empty.id }), 404);
  await refused(threads.delete(thread.id), 404);
});

test('messages in, messages out', async () => {
  const thread = await threads.create();
  const made = await messages.create(thread.id, { role: 'user', content: 'Hello', metadata: { a: '1' } });
  keys(made, 'id', 'object', 'created_at', 'thread_id', 'status', 'incomplete_details', 'completed_at', 'incomplete_at',
    'role', 'content', 'assistant_id', 'run_id', 'attachments', 'metadata');
  assert.match(made.id, /^msg_/);
  assert.deepEqual(made.content, [{ type: 'text', text: { value: 'Hello', annotations: [] } }]);
  assert.deepEqual([made.object, made.status, made.thread_id, made.assistant_id, made.run_id, made.attachments],
    ['thread.message', 'completed', thread.id, null, null, []]);
  assert.deepEqual(await messages.retrieve(made.id, { thread_id: thread.id }), made);
  const changed = await messages.update(made.id, { thread_id: thread.id, metadata: { b: '2' } });
  assert.deepEqual(changed, { ...made, metadata: { a: '1', b: '2' } });
  await messages.create(thread.id, { role: 'assistant', content: 'Hi' });
  const other = await threads.create();
  await refused(messages.retrieve(made.id, { thread_id: other.id }), 404);
  await refused(messages.update(made.id, { thread_id: other.id, metadata: {} }), 404);
  await refused(messages.delete(made.id, { thread_id: other.id }), 404);
  await refused(messages.list(other.id, { after: made.id }), 400, 'after');
  assert.deepEqual((await messages.list(thread.id, { run_id: `run_${nobody}` })).data, []);
  assert.deepEqual(await messages.delete(made.id, { thread_id: thread.id }),
    { id: made.id, object: 'thread.message.deleted', deleted: true });
  await refused(messages.retrieve(made.id, { thread_id: thread.id }), 404);
  assert.deepEqual((await collect(messages.list(thread.id))).map(text), ['Hi']);
});

test('every wrong message is refused with its field, and leaves nothing', async () => {
  const thread = await threads.create();
  const part = (one) => ({ role: 'user', content: [one] });
  const wrong = [
    [{ content: 'x' }, 'role'], [{ role: 'system', content: 'x' }, 'role'], [{ role: 'user' }, 'content'],
    [{ role: 'user', content: '' }, 'content'], [{ role: 'user', content: ' \n' }, 'content'], [{ role: 'user', content: [] }, 'content'],
    [{ role: 'user', content: 5 }, 'content'], [{ role: 'user', content: '漢'.repeat(256001) }, 'content'],
    [part({ type: 'audio' }), 'content[0].type'], [part({ type: 'text' }), 'content[0].text'], [part({ type: 'text', text: { value: 'x' } }), 'content[0].text'],
    [part('x'), 'content[0]'], [part({ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }), 'content[0].image_url.url'],
    [part({ type: 'image_url', image_url: { url: 'data:text/plain;base64,AAAA' } }), 'content[0].image_url.url'],
    [part({ type: 'image_file', image_file: { file_id: `file-${nobody}` } }), 'content[0].image_file.file_id'],
    [part({ type: 'image_file', image_file: { file_id: 'x' } }), 'content[0].image_file.file_id'],
    [{ role: 'user', content: 'x', attachments: [{ file_id: `file-${nobody}`, tools: [{ type: 'file_search' }] }] }, 'attachments[0].file_id'],
    [{ role: 'user', content: 'x', attachments: [{ tools: [] }] }, 'attachments[0].file_id'],
    [{ role: 'user', content: 'x', metadata: [] }, 'metadata'],
  ];
  for (const [message, param] of wrong) {
    await refused(messages.create(thread.id, message), 400, param);
    await refused(threads.create({ messages: [{ role: 'user', content: 'good' }, message] }), 400, `messages[1].${param}`);
  }
  assert.deepEqual((await messages.list(thread.id)).data, []);
  await refused(messages.create(`thread_${nobody}`, { role: 'user', content: 'x' }), 404);
  await refused(messages.create('thread_x', { role: 'user', content: 'x' }), 404);
  assert.equal(text(await messages.create(thread.id, { role: 'user', content: '漢'.repeat(256000) })).length, 256000);
});

test('pictures and files', async () => {
  const upload = async (name, type, body) =>
    (await fetch(new URL(`/api/v1/ai/artifacts?name=${name}`, baseURL), { method: 'POST', headers: { 'content-type': type }, body })).json();
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const picture = await upload('dot.png', 'image/png', Buffer.from(png, 'base64'));
  const notes = await upload('notes.txt', 'text/plain', 'hello');
  const fileId = (artifact) => artifact.id.replace('art_', 'file-');
  const thread = await threads.create();
  const attachments = [{ file_id: fileId(notes), tools: [{ type: 'file_search' }] }];
  const made = await messages.create(thread.id, {
    role: 'user', attachments,
    content: [{ type: 'text', text: 'Look' }, { type: 'image_file', image_file: { file_id: fileId(picture), detail: 'low' } },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }],
  });
  assert.deepEqual(made.attachments, attachments);
  assert.deepEqual(made.content.map((one) => one.type), ['text', 'image_file', 'image_file']);
  assert.deepEqual(made.content[1].image_file, { file_id: fileId(picture), detail: 'low' });
  assert.deepEqual(await messages.retrieve(made.id, { thread_id: thread.id }), made);
  await refused(messages.create(thread.id, { role: 'user', content: [{ type: 'image_file', image_file: { file_id: fileId(notes) } }] }),
    400, 'content[0].image_file.file_id');
  // For file_search the file is in a vector store that the thread has got of its own.
  const { file_search } = (await threads.retrieve(thread.id)).tool_resources;
  assert.equal(file_search.vector_store_ids.length, 1);
  const [own] = file_search.vector_store_ids;
  assert.deepEqual((await collect(client.vectorStores.files.list(own))).map((one) => one.id), [fileId(notes)]);
  assert.deepEqual((await client.vectorStores.retrieve(own)).expires_after, { anchor: 'last_active_at', days: 7 });
  const more = await upload('more.txt', 'text/plain', 'more');
  await messages.create(thread.id, { role: 'user', content: 'x', attachments: [{ file_id: fileId(more), tools: [{ type: 'file_search' }] }] });
  assert.equal((await collect(client.vectorStores.files.list(own))).length, 2);
  const described = await threads.create({ tool_resources: { file_search: { vector_stores: [{ file_ids: [fileId(notes)], metadata: { a: '1' } }] } } });
  const ofDescribed = await client.vectorStores.retrieve(described.tool_resources.file_search.vector_store_ids[0]);
  assert.deepEqual(ofDescribed.metadata, { a: '1' });
  assert.equal(ofDescribed.file_counts.total, 1);
  // Other doors see the conversation with its file.
  const seen = await (await fetch(new URL(`/api/v1/ai/conversations/${thread.id.replace('thread_', 'conv_')}`, baseURL))).json();
  assert.equal(seen.messages[0].content, 'Look');
  assert.ok(seen.messages[0].attachments.some((file) => file.artifact === notes.id), JSON.stringify(seen.messages[0].attachments));
});

test('250 messages of one moment are paged without loss, both ways', async () => {
  const texts = Array.from({ length: 250 }, (_, i) => `m${i}`);
  const thread = await threads.create({ messages: texts.map((content) => ({ role: 'user', content })) });
  const all = await collect(messages.list(thread.id, { order: 'asc' }));
  assert.ok(new Set(all.map((one) => one.created_at)).size <= 2);
  assert.deepEqual(all.map(text), texts);
  assert.deepEqual((await collect(messages.list(thread.id))).map(text), texts.toReversed());
  assert.deepEqual((await collect(messages.list(thread.id, { limit: 100 }))).map(text), texts.toReversed());
});

test('messages that are posted at once are all there', async () => {
  const thread = await threads.create();
  await Promise.all(Array.from({ length: 30 }, (_, i) => messages.create(thread.id, { role: 'user', content: `m${i}` })));
  const all = (await collect(messages.list(thread.id))).map(text);
  assert.deepEqual(all.sort(), Array.from({ length: 30 }, (_, i) => `m${i}`).sort());
});

test('a thread is a conversation of every other door', async () => {
  const api = async (path, options) => (await fetch(new URL(`/api/v1/ai${path}`, baseURL), options)).json();
  const begun = await api('/conversations', { method: 'POST', body: JSON.stringify({ metadata: { a: '1', n: 5 } }) });
  const id = begun.id.replace('conv_', 'thread_');
  assert.deepEqual((await threads.retrieve(id)).metadata, { a: '1', n: '5' });
  const reply = await api(`/conversations/${begun.id}/chat`, { method: 'POST', body: JSON.stringify({ content: 'help' }) });
  const said = await collect(messages.list(id, { order: 'asc' }));
  assert.deepEqual(said.map((one) => one.role), ['user', 'assistant']);
  assert.equal(text(said[1]), reply.content);
  assert.equal(said[1].run_id, reply.turn_id.replace('turn_', 'run_'));
  assert.equal(said[0].run_id, null);
  assert.deepEqual((await messages.list(id, { run_id: said[1].run_id })).data.map((one) => one.id), [said[1].id]);
  await messages.create(id, { role: 'user', content: 'posted by the client' });
  const conversation = await api(`/conversations/${begun.id}`);
  assert.equal(conversation.last_message_preview, 'posted by the client');
  const found = await api('/conversations?q=posted');
  assert.deepEqual(found.conversations.map((one) => one.id), [begun.id]);
  const answer = await api(`/conversations/${begun.id}/regenerate`, { method: 'POST', body: '{}' });
  const now = await collect(messages.list(id, { order: 'asc' }));
  assert.deepEqual(now.map((one) => one.role), ['user', 'assistant', 'user', 'assistant']);
  assert.equal(now[3].run_id, answer.turn_id.replace('turn_', 'run_'));
});

for (const [age, Client] of [['4', OpenAI4], ['7', OpenAI7]]) {
  test(`the main path with version ${age} of the client`, async () => {
    const { beta } = new Client({ apiKey: 'k', baseURL, maxRetries: 0 });
    const of = (thread, message, more) => age === '4' ? [thread.id, message.id, ...(more ? [more] : [])]
      : [message.id, { thread_id: thread.id, ...more }];
    const assistant = await beta.assistants.create({ model, name: 'n', metadata: { a: '1' } });
    assert.deepEqual((await beta.assistants.update(assistant.id, { metadata: { b: '2' } })).metadata, { a: '1', b: '2' });
    const thread = await beta.threads.create({ messages: [{ role: 'user', content: 'first' }] });
    const message = await beta.threads.messages.create(thread.id, { role: 'user', content: 'second' });
    assert.equal((await beta.threads.messages.update(...of(thread, message, { metadata: { x: 'y' } }))).metadata.x, 'y');
    assert.deepEqual((await collect(beta.threads.messages.list(thread.id, { limit: 1 }))).map(text), ['second', 'first']);
    const remove = (resource) => (resource.delete ?? resource.del).bind(resource);
    assert.equal((await remove(beta.threads.messages)(...of(thread, message))).deleted, true);
    assert.equal((await remove(beta.threads)(thread.id)).deleted, true);
    assert.equal((await remove(beta.assistants)(assistant.id)).deleted, true);
    await assert.rejects(beta.threads.retrieve(thread.id), (error) => error.status === 404 && error.code === 'not_found');
  });
}

test('assistants are deleted while they are listed, with every version', async () => {
  for (const Client of [OpenAI, OpenAI4, OpenAI7]) {
    const one = new Client({ apiKey: 'k', baseURL, maxRetries: 0 });
    const made = new Set();
    for (let i = 0; i < 45; ++i) made.add((await one.beta.assistants.create({ model, metadata: { of: 'deletion' } })).id);
    for await (const assistant of one.beta.assistants.list()) {
      if (!made.delete(assistant.id)) continue;
      await (one.beta.assistants.delete ?? one.beta.assistants.del).call(one.beta.assistants, assistant.id);
    }
    assert.equal(made.size, 0);
  }
});
