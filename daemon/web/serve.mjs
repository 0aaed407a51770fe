// For people who work on the page: serves a built folder with the daemon's own headers and hands everything else to a
// daemon, streams included: node serve.mjs FOLDER [PORT] [DAEMON], such as dist 8090 http://127.0.0.1:8080.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';

const [folder = 'dist', port = '8090', daemon = 'http://127.0.0.1:8080'] = process.argv.slice(2);
const root = resolve(folder);
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

function toDaemon(incoming, reply) {
  const target = new URL(incoming.url, daemon);
  const headers = { ...incoming.headers, host: target.host };
  // The daemon refuses other pages' requests: for it, this page is its own.
  if (headers.origin === `http://${incoming.headers.host}`) headers.origin = target.origin;
  const outgoing = request(target, { method: incoming.method, headers }, (answer) => {
    reply.writeHead(answer.statusCode, answer.headers);
    reply.flushHeaders();
    answer.pipe(reply);
    answer.on('error', () => reply.destroy());
    answer.on('aborted', () => reply.destroy());
  });
  // Without a daemon the browser sees what it would see then: no connection.
  outgoing.on('error', () => reply.destroy());
  reply.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

async function fromFolder(incoming, reply) {
  const path = normalize(decodeURIComponent(new URL(incoming.url, 'http://page').pathname));
  const isAsset = path.startsWith('/assets/');
  const file = join(root, isAsset ? path : 'index.html');
  const zipped = /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '');
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    reply.writeHead(404).end();
    return;
  }
  reply.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': policy,
    'Cache-Control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  });
  createReadStream(zipped ? `${file}.gz` : file).pipe(reply);
}

const server = createServer((incoming, reply) => {
  if (/^\/(api|v1|mcp|openapi\.json|docs|livez|readyz|health|metrics)(\/|\?|$)/.test(incoming.url)) toDaemon(incoming, reply);
  else fromFolder(incoming, reply).catch(() => reply.destroy());
});
server.requestTimeout = 0;
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`The page is on http://127.0.0.1:${server.address().port}, the daemon on ${daemon}.`);
});
