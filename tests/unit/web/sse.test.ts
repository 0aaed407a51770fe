import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser, readEvents, type ServerEvent } from '../../../daemon/web/src/api/sse.ts';

const stream = 'id: 1\nevent: turn.started\ndata: {"a":1}\n\n: a comment\n\nid: 2\r\nevent: message.delta\r\ndata: one\r\ndata:two\r\n\r\ndata: three\r\r';
const expected: ServerEvent[] = [
  { id: '1', name: 'turn.started', data: '{"a":1}' },
  { id: '2', name: 'message.delta', data: 'one\ntwo' },
  { id: '2', name: 'message', data: 'three' },
];

test('events are the same wherever the text is cut', () => {
  for (let size = 1; size <= stream.length; size++) {
    const parser = new EventParser();
    const events: ServerEvent[] = [];
    for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
    // The last CR may still become a CRLF.
    events.push(...parser.push('x'));
    assert.deepEqual(events, expected, `cut into pieces of ${size}`);
  }
});

test('an event without its empty line is none', () => {
  assert.deepEqual(new EventParser().push('id: 1\ndata: half\n'), []);
});

function bodyOf(pieces: Uint8Array[], end: 'close' | 'hang' | 'break'): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      if (end === 'close') controller.close();
      if (end === 'break') controller.error(new Error('broken'));
    },
  });
}

test('characters that are cut between two reads are whole', async () => {
  const bytes = new TextEncoder().encode('data: ä→😀\n\n');
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
  const events = [];
  for await (const event of readEvents(bodyOf(pieces, 'close'), 1_000)) events.push(event.data);
  assert.deepEqual(events, ['ä→😀']);
});

test('a stream that has gone silent is given up', async () => {
  const reading = readEvents(bodyOf([new TextEncoder().encode('data: 1\n\n')], 'hang'), 20);
  assert.equal((await reading.next()).value?.data, '1');
  await assert.rejects(reading.next(), /silent/);
});
