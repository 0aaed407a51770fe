// Reads a text/event-stream body as HTML's specification says: lines end in LF, CR or CRLF, fields are `name: value`, an
// empty line ends an event, a line that begins with a colon is a comment. Text may be cut anywhere, also inside of a CRLF.

export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

export class EventParser {
  private rest = '';
  private id = '';
  private name = '';
  private data: string[] = [];

  // The events that this piece of text completes.
  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    let buffer = this.rest + text;
    // Whether a final CR ends a line or begins a CRLF shows with the next piece.
    const held = buffer.endsWith('\r') ? '\r' : '';
    if (held) buffer = buffer.slice(0, -1);
    const lines = buffer.split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? '') + held;
    for (const line of lines) {
      const event = this.line(line);
      if (event) events.push(event);
    }
    return events;
  }

  private line(line: string): ServerEvent | null {
    if (line === '') {
      const event = this.data.length > 0 ? { id: this.id, name: this.name || 'message', data: this.data.join('\n') } : null;
      this.name = '';
      this.data = [];
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.name = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }
}

// Ends when the body does. Throws when the connection breaks, and when nothing, not even a comment, came for `silenceMs`.
export async function* readEvents(body: ReadableStream<Uint8Array>, silenceMs: number): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    while (true) {
      const { done, value } = await withinSilence(reader.read(), silenceMs);
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Also when the reader of the events stops early; a body that has failed cannot be cancelled.
    reader.cancel().catch(() => undefined);
  }
}

function withinSilence<T>(read: Promise<T>, silenceMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The stream has gone silent.')), silenceMs);
    read.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
