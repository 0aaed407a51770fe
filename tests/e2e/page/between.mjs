// A proxy between the page and the daemon, which does to an upload what networks do: it loses the reply, or lets nothing
// through any more. And it answers as the daemon does when a login has ended.

import { createServer, request } from 'node:http';

import { base } from './browser.mjs';

export class Between {
  static async open() {
    const between = new Between();
    await new Promise((resolve) => between.server.listen(0, '127.0.0.1', resolve));
    between.address = `http://127.0.0.1:${between.server.address().port}`;
    return between;
  }

  constructor() {
    this.fates = new Map();
    this.uploads = [];
    this.server = createServer((incoming, reply) => this.pass(incoming, reply));
    this.server.requestTimeout = 0;
    this.server.unref();
  }

  // What becomes of the next upload of a file of this name (and, called again, of the one after it): 'unanswered', 'held', 'refused', or 'away', as
  // a proxy answers that finds no daemon.
  next(name, fate) {
    this.fates.set(name, [...(this.fates.get(name) ?? []), fate]);
  }

  // How often a file of this name was sent.
  times(name) {
    return this.uploads.filter((one) => one === name).length;
  }

  pass(incoming, reply) {
    const name = incoming.method === 'POST' ? new URL(incoming.url, base).searchParams.get('name') : null;
    if (name) this.uploads.push(name);
    const fate = this.fates.get(name)?.shift();
    if (fate === 'held') return; // nobody reads it
    if (fate === 'refused') return void incoming.resume().on('end', () => reply.writeHead(401).end());
    if (fate === 'away') return void incoming.resume().on('end', () => reply.writeHead(503).end());
    const outgoing = request(new URL(incoming.url, base), { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (fate === 'unanswered') {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      reply.writeHead(answer.statusCode, answer.headers);
      reply.flushHeaders();
      answer.pipe(reply).on('error', () => undefined);
      answer.on('aborted', () => reply.destroy());
    });
    outgoing.on('error', () => reply.destroy());
    reply.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}
