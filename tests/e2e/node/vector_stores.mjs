// The official openai client against a daemon: vector stores, their files, batches and searches. Started by
// vector_stores.py, which says in the environment where the daemon is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

const baseURL = process.env.ASSISTD_OPENAI_URL;
const client = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 });
const { vectorStores } = client;
const nobody = '0'.repeat(32);

const refused = (promise, status, param = null) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.equal(error.status, status, error.message);
  if (param !== undefined) assert.equal(error.param, param, error.message);
  assert.ok(error.type && error.requestID && error.message.length > 10);
  return true;
});
const keys = (object, ...names) => assert.deepEqual(Object.keys(object).sort(), names.sort());
const collect = async (pages) => {
  const all = [];
  for await (const item of pages) all.push(item);
  return all;
};

// An upload by the conversation API's door; every file is an artifact.
const upload = async (text, name = 'notes.txt') => {
  const url = `${baseURL.replace('/v1', '/api/v1/ai')}/artifacts?name=${encodeURIComponent(name)}`;
  const reply = await fetch(url, { method: 'POST', body: text, headers: { 'Content-Type': 'text/plain' } });
  assert.equal(reply.status, 201, await reply.clone().text());
  return (await reply.json()).id.replace('art_', 'file-');
};

test('a store with all its fields, changed and removed', async () => {
  const made = await vectorStores.create({ name: 'Papers 測', description: 'All of them', metadata: { a: '1', b: '2' },
    expires_after: { anchor: 'last_active_at', days: 7 } });
  keys(made, 'id', 'object', 'created_at', 'name', 'description', 'usage_bytes', 'file_counts', 'status', 'expires_after',
    'expires_at', 'last_active_at', 'metadata');
  assert.match(made.id, /^vs_[0-9a-f]{32}$/);
  assert.equal(made.object, 'vector_store');
  assert.equal(made.status, 'completed');
  assert.equal(made.expires_at, made.last_active_at + 7 * 86400);
  assert.deepEqual(made.file_counts, { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 });
  const changed = await vectorStores.update(made.id, { name: 'Notes', metadata: { b: null, c: '3' }, expires_after: null });
  assert.equal(changed.name, 'Notes');
  assert.deepEqual(changed.metadata, { a: '1', c: '3' });
  assert.equal(changed.expires_after, null);
  assert.equal(changed.expires_at, null);
  assert.deepEqual((await vectorStores.update(made.id, { metadata: null })).metadata, {});
  assert.deepEqual(await vectorStores.delete(made.id), { id: made.id, object: 'vector_store.deleted', deleted: true });
  await refused(vectorStores.retrieve(made.id), 404, undefined);
});

test('a file is indexed, found with its citation, read and removed', async () => {
  const store = await vectorStores.create({});
  const id = await upload('The porosity of the third cluster was 0.83.\n\nThe mean radius was 12 nm.', 'results.txt');
  const file = await vectorStores.files.createAndPoll(store.id, { file_id: id, attributes: { year: 2024, kind: 'paper', open: true } });
  keys(file, 'id', 'object', 'created_at', 'vector_store_id', 'status', 'usage_bytes', 'last_error', 'attributes', 'chunking_strategy');
  assert.equal(file.id, id);
  assert.equal(file.status, 'completed', JSON.stringify(file));
  assert.deepEqual(file.chunking_strategy, { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } });
  assert.deepEqual(file.attributes, { year: 2024, kind: 'paper', open: true });
  assert.ok(file.usage_bytes > 60);

  const page = await vectorStores.search(store.id, { query: 'how porous was the cluster: porosity?' });
  const raw = await vectorStores.search(store.id, { query: 'how porous was the cluster: porosity?' }).asResponse();
  const body = await raw.json();
  assert.deepEqual([body.object, body.search_query, body.has_more, body.next_page],
    ['vector_store.search_results.page', ['how porous was the cluster: porosity?'], false, null]);
  assert.equal(page.data.length, 1);
  keys(page.data[0], 'file_id', 'filename', 'score', 'attributes', 'content');
  assert.equal(page.data[0].file_id, id);
  assert.equal(page.data[0].filename, 'results.txt');
  assert.ok(page.data[0].score > 0 && page.data[0].score <= 1);
  assert.match(page.data[0].content[0].text, /0\.83/);

  const filtered = async (filters) => (await vectorStores.search(store.id, { query: 'porosity', filters })).data.length;
  assert.equal(await filtered({ type: 'eq', key: 'year', value: 2024 }), 1);
  assert.equal(await filtered({ type: 'and', filters: [{ type: 'gt', key: 'year', value: 2000 }, { type: 'ne', key: 'kind', value: 'paper' }] }), 0);
  assert.equal(await filtered({ type: 'in', key: 'kind', value: ['book', 'paper'] }), 1);

  const changed = await vectorStores.files.update(id, { vector_store_id: store.id, attributes: { kind: 'book' } });
  assert.deepEqual(changed.attributes, { kind: 'book' });
  assert.equal(await filtered({ type: 'eq', key: 'kind', value: 'book' }), 1);

  const content = await vectorStores.files.content(id, { vector_store_id: store.id });
  assert.match(content.data.map((part) => part.text).join(''), /porosity[^]*12 nm/);
  const gone = await vectorStores.files.delete(id, { vector_store_id: store.id });
  assert.deepEqual(gone, { id, object: 'vector_store.file.deleted', deleted: true });
  assert.equal((await vectorStores.search(store.id, { query: 'porosity' })).data.length, 0);
  await refused(vectorStores.files.retrieve(id, { vector_store_id: store.id }), 404, undefined);
});

test('batches, and pages without loss in both orders', async () => {
  const store = await vectorStores.create({ name: 'many' });
  const ids = [];
  for (let i = 0; i < 45; ++i) ids.push(await upload(`Text number ${i} about dendrites.`, `text-${i}.txt`));
  const batch = await vectorStores.fileBatches.createAndPoll(store.id, { file_ids: ids });
  keys(batch, 'id', 'object', 'created_at', 'vector_store_id', 'status', 'file_counts');
  assert.match(batch.id, /^vsfb_/);
  assert.equal(batch.status, 'completed');
  assert.deepEqual(batch.file_counts, { in_progress: 0, completed: 45, failed: 0, cancelled: 0, total: 45 });
  for (const order of ['asc', 'desc']) {
    const listed = await collect(vectorStores.files.list(store.id, { order, limit: 10 }));
    assert.deepEqual(listed.map((file) => file.id), order === 'asc' ? ids : [...ids].reverse());
    const ofBatch = await collect(vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, order, limit: 7, filter: 'completed' }));
    assert.equal(ofBatch.length, 45);
  }
  const own = await vectorStores.fileBatches.createAndPoll(store.id, {
    files: [{ file_id: ids[0], attributes: { a: 1 }, chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 50 } } }] });
  assert.equal(own.file_counts.total, 1);
  const first = await vectorStores.files.retrieve(ids[0], { vector_store_id: store.id });
  assert.equal(first.chunking_strategy.static.max_chunk_size_tokens, 100);
  const cancelled = await vectorStores.fileBatches.cancel(own.id, { vector_store_id: store.id });
  assert.equal(cancelled.status, 'completed', 'what has ended stays as it is');
  assert.equal((await vectorStores.search(store.id, { query: 'dendrites', max_num_results: 50 })).data.length, 45);
  assert.equal((await vectorStores.search(store.id, { query: ['dendrites', 'number 7'], max_num_results: 3 })).data.length, 3);
});

test('the list of stores goes through equal times', async () => {
  const made = [];
  for (let i = 0; i < 25; ++i) made.push((await vectorStores.create({ name: `s${i}` })).id);
  const listed = (await collect(vectorStores.list({ limit: 4 }))).map((store) => store.id).filter((id) => made.includes(id));
  assert.deepEqual(listed, [...made].reverse());
  const page = await vectorStores.list({ limit: 3, order: 'asc', before: made[10] });
  assert.deepEqual(page.data.map((store) => store.id), made.slice(7, 10));
});

test('a file that is none, and one that says why it failed', async () => {
  const store = await vectorStores.create({});
  const empty = await upload(' ', 'empty.txt');
  const file = await vectorStores.files.createAndPoll(store.id, { file_id: empty });
  assert.equal(file.status, 'failed');
  assert.ok(['invalid_file', 'unsupported_file'].includes(file.last_error.code), JSON.stringify(file.last_error));
  assert.ok(file.last_error.message.length > 10);
  await refused(vectorStores.files.create(store.id, { file_id: `file-${nobody}` }), 404, undefined);
  await refused(vectorStores.files.create(store.id, { file_id: 'nothing' }), 400, 'file_id');
});

test('limits are refused by name', async () => {
  const store = await vectorStores.create({});
  const { id } = store;
  const file = await upload('x y z');
  await refused(vectorStores.create({ name: 'n'.repeat(257) }), 400, 'name');
  await refused(vectorStores.create({ expires_after: { anchor: 'last_active_at', days: 366 } }), 400, 'expires_after.days');
  await refused(vectorStores.create({ expires_after: { anchor: 'created_at', days: 3 } }), 400, 'expires_after.anchor');
  await refused(vectorStores.create({ metadata: Object.fromEntries([...Array(17).keys()].map((i) => [`k${i}`, 'v'])) }), 400, 'metadata');
  await refused(vectorStores.create({ file_ids: Array(501).fill(file) }), 400, 'file_ids');
  const chunked = (sizes) => vectorStores.files.create(id, { file_id: file, chunking_strategy: { type: 'static', static: sizes } });
  await refused(chunked({ max_chunk_size_tokens: 99, chunk_overlap_tokens: 0 }), 400, 'chunking_strategy.static.max_chunk_size_tokens');
  await refused(chunked({ max_chunk_size_tokens: 4097, chunk_overlap_tokens: 0 }), 400, 'chunking_strategy.static.max_chunk_size_tokens');
  await refused(chunked({ max_chunk_size_tokens: 200, chunk_overlap_tokens: 101 }), 400, 'chunking_strategy.static.chunk_overlap_tokens');
  await refused(vectorStores.files.create(id, { file_id: file, attributes: { a: [1] } }), 400, 'attributes.a');
  await refused(vectorStores.files.create(id, { file_id: file, attributes: { a: 'v'.repeat(513) } }), 400, 'attributes.a');
  await refused(vectorStores.fileBatches.create(id, {}), 400, 'file_ids');
  await refused(vectorStores.fileBatches.create(id, { file_ids: [file], files: [{ file_id: file }] }), 400, 'file_ids');
  await refused(vectorStores.fileBatches.create(id, { file_ids: [] }), 400, 'file_ids');
  await refused(vectorStores.search(id, { query: '' }), 400, 'query');
  await refused(vectorStores.search(id, { query: 'x', max_num_results: 51 }), 400, 'max_num_results');
  await refused(vectorStores.search(id, { query: 'x', ranking_options: { score_threshold: 1.5 } }), 400, 'ranking_options.score_threshold');
  await refused(vectorStores.search(id, { query: 'x', filters: { type: 'like', key: 'a', value: 'b' } }), 400, 'filters.type');
  await refused(vectorStores.search(id, { query: 'x', filters: { type: 'eq', value: 'b' } }), 400, 'filters.key');
  await refused(vectorStores.list({ limit: 101 }), 400, 'limit');
  await refused(vectorStores.list({ after: `vs_${nobody}` }), 400, 'after');
  await refused(vectorStores.files.list(id, { filter: 'odd' }), 400, 'filter');
  await refused(vectorStores.retrieve('vs_nothing'), 404, undefined);
  await refused(vectorStores.fileBatches.retrieve(`vsfb_${nobody}`, { vector_store_id: id }), 404, undefined);
});

test('clients that poll are told when to ask again', async () => {
  const store = await vectorStores.create({});
  const reply = await vectorStores.files.list(store.id).asResponse();
  assert.ok(Number(reply.headers.get('openai-poll-after-ms')) > 0);
});
