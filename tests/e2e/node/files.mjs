// The official openai client's files against a daemon. Started by files.py, which says in the environment where
// it is.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ apiKey: 'k', baseURL: process.env.ASSISTD_URL + '/v1', maxRetries: 0 });
const purpose = 'assistants';
let folder;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'assistd-files-')); });
after(() => rm(folder, { recursive: true }));

const bytesOf = async (id) => Buffer.from(await (await client.files.content(id)).arrayBuffer());
const refused = async (call, status, param, message) => {
  await assert.rejects(call, (error) => {
    assert.equal(error.status, status, error.message);
    assert.ok(error instanceof OpenAI.APIError);
    assert.equal(error.param, param);
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.message, message);
    assert.ok(error.requestID);
    return true;
  });
};

test('from a stream of a file', async () => {
  const path = join(folder, 'notes on soot.txt');
  const content = Buffer.alloc(3_000_000, 'Soot is \r\n--carbon.\r\n');
  await writeFile(path, content);
  const made = await client.files.create({ file: createReadStream(path), purpose });
  assert.match(made.id, /^file-[0-9a-f]{32}$/);
  assert.deepEqual(
    { ...made, id: '', created_at: 0 },
    { id: '', object: 'file', bytes: 3_000_000, created_at: 0, expires_at: null, filename: 'notes on soot.txt',
      purpose, status: 'processed', status_details: null });
  assert.ok(Math.abs(made.created_at - Date.now() / 1000) < 60);
  assert.deepEqual(await client.files.retrieve(made.id), made);
  assert.ok(content.equals(await bytesOf(made.id)));
});

test('from a buffer, a blob and a response, with names of every kind', async () => {
  const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const names = ['größe 测试 🧪.bin', 'a "quoted" name.txt', 'semi;colon=.csv', "it's 100%.txt", 'x'.repeat(200) + '.md'];
  for (const name of names) {
    const made = await client.files.create({ file: await toFile(every, name), purpose: 'user_data' });
    assert.equal(made.filename, name);
    assert.ok(every.equals(await bytesOf(made.id)));
  }
  const blob = await client.files.create({ file: new File([every], '../../etc/pass\\wd.txt'), purpose: 'vision' });
  assert.equal(blob.filename, 'wd.txt');
  const copied = await client.files.create({ file: await toFile(await client.files.content(blob.id), 'copy.txt'), purpose: 'batch' });
  assert.ok(every.equals(await bytesOf(copied.id)));
});

test('every purpose, and an end', async () => {
  for (const each of ['assistants', 'assistants_output', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']) {
    const file = await toFile(Buffer.from('x'), 'x.txt');
    const made = await client.files.create({ file, purpose: each, expires_after: { anchor: 'created_at', seconds: 3600 } });
    assert.equal(made.purpose, each);
    assert.equal(made.expires_at, made.created_at + 3600);
  }
});

test('lists page by themselves, without loss', async () => {
  for await (const old of client.files.list()) await client.files.delete(old.id);
  const made = [];
  for (let i = 0; i < 45; ++i) {
    const file = await toFile(Buffer.from(`${i}`), `${i}.txt`);
    made.push((await client.files.create({ file, purpose: i % 3 ? 'assistants' : 'vision' })).filename);
  }
  const names = async (query) => {
    const all = [];
    for await (const file of client.files.list(query)) all.push(file.filename);
    return all;
  };
  assert.deepEqual(await names({ limit: 7, order: 'asc' }), made);
  assert.deepEqual(await names({ limit: 7 }), made.toReversed());
  assert.deepEqual(await names({}), made.toReversed());
  assert.deepEqual(await names({ limit: 4, purpose: 'vision', order: 'asc' }), made.filter((_, i) => i % 3 === 0));
  const page = await client.files.list({ limit: 2 });
  assert.equal(page.has_more, true);
  assert.equal(page.body.object, 'list');
  assert.equal(page.body.first_id, page.data[0].id);
  assert.equal(page.body.last_id, page.data[1].id);
});

test('a deleted file is gone', async () => {
  const made = await client.files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose });
  assert.deepEqual(await client.files.delete(made.id), { id: made.id, object: 'file', deleted: true });
  for (const call of ['retrieve', 'delete', 'content'])
    await refused(() => client.files[call](made.id), 404, null, new RegExp(made.id));
  // Who deletes what is listed goes on from it.
  const before = await client.files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose });
  const gone = await client.files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose });
  await client.files.delete(gone.id);
  assert.equal((await client.files.list({ after: gone.id, limit: 1 })).data[0].id, before.id);
  await refused(() => client.files.list({ after: `file-${'0'.repeat(32)}` }), 400, 'after', /names no file/);
});

test('waits until a file is processed', async () => {
  const made = await client.files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose });
  assert.equal((await client.files.waitForProcessing(made.id)).status, 'processed');
});

test('what is wrong is said with its field', async () => {
  const file = () => toFile(Buffer.from('x'), 'x.txt');
  const end = (anchor, seconds) => async () =>
    client.files.create({ file: await file(), purpose, expires_after: { anchor, seconds } });
  const count = async () => (await client.files.list()).data.length;
  const before = await count();
  await refused(async () => client.files.create({ file: await file(), purpose: 'fun' }), 400, 'purpose', /purpose/);
  await refused(async () => client.files.create({ file: await file() }), 400, 'purpose', /missing/);
  await refused(async () => client.files.create({ file: await toFile(Buffer.alloc(0), 'x.txt'), purpose }), 400, 'file', /empty/);
  await refused(end('created_at', 3599), 400, 'expires_after[seconds]', /from 3600 to 2592000/);
  await refused(end('created_at', 2592001), 400, 'expires_after[seconds]', /from 3600 to 2592000/);
  await refused(end('created_at', 'soon'), 400, 'expires_after[seconds]', /whole number/);
  await refused(end('last_active_at', 3600), 400, 'expires_after[anchor]', /created_at/);
  await refused(() => client.files.list({ limit: 0 }), 400, 'limit', /1 to 10000/);
  await refused(() => client.files.list({ limit: 10001 }), 400, 'limit', /1 to 10000/);
  await refused(() => client.files.list({ order: 'up' }), 400, 'order', /asc/);
  await refused(() => client.files.list({ purpose: 'fun' }), 400, 'purpose', /purpose/);
  await refused(() => client.files.list({ after: 'asst_1' }), 400, 'after', /asst_1/);
  await refused(() => client.files.retrieve('file-0'), 404, null, /file-0/);
  assert.equal(await count(), before);
});
