// Sends a file as the body of a request and tells how far it is. XMLHttpRequest, since fetch tells nothing of uploads. One
// whose connection is lost, or on which nothing moves any more, is sent again from its beginning, and one that is refused
// for want of a login is sent once there is one. Its key makes it one file, also when only the reply was lost.

import { isOnline, pause, reportAnswer, reportSilence } from '../state/connection.ts';
import { newKey } from '../state/keys.ts';
import { onTheWay } from '../state/on_the_way.ts';
import { pauseBefore } from '../state/retry.ts';
import { guardHeaders, needsLogin, reportRefused } from '../state/session.ts';
import { when } from '../state/when.ts';
import { address, ApiError, ConnectionError, errorIn, get } from './client.ts';

// Why nothing moves: it goes on when the daemon answers, when somebody has logged in, or by itself in a while: on its way
// (still), or when all of it has been sent (unanswered).
export type Holdup = 'away' | 'login' | 'still' | 'unanswered';

export interface Upload<T> {
  // Rejects with an ApiError, a ConnectionError, an UnreadableFile, or an AbortError after cancel().
  result: Promise<T>;
  cancel(): void;
  // From its beginning, without waiting any longer.
  sendNow(): void;
}

export interface Progress {
  onProgress: (fraction: number) => void;
  onHeld: (by: Holdup | null) => void;
  // What was sent before is lost: all of it is sent again.
  onAgain: () => void;
}

// What is uploaded, however often it is tried.
export interface Sent {
  file: Blob;
  name: string;
  // Its Idempotency-Key.
  key: string;
}

export const toSend = (file: Blob, name: string): Sent => ({ file, name, key: newKey() });

export class UnreadableFile extends Error {
  constructor() {
    super('The file cannot be read any more: it was changed, moved or removed after it was chosen. Choose it again.');
  }
}

class Stuck extends ConnectionError {
  override message = 'Nothing moves on the way to assistd, though it answers otherwise. Try again.';
}

// Somebody did not want to wait any longer.
class Anew extends Error {}

// A connection that breaks each time though the daemon answers: something between here and there does not let it through.
const mostAttempts = 5;
// How long nothing moves before that is said, and before it is taken for lost. What is stored may be large, and the disk busy.
const saidAfterMs = 15_000;
const lostAfterMs = { still: 60_000, unanswered: 300_000 };

export function upload<T>(path: string, what: Sent, progress: Progress): Upload<T> {
  const leaving = new AbortController();
  const sending = new Sending<T>(address(path, { name: what.name }), what, progress, leaving.signal);
  return { result: onTheWay(leaving, sending.untilThere()), cancel: () => leaving.abort(), sendNow: () => sending.sendNow() };
}

class Sending<T> {
  private readonly url: string;
  private readonly what: Sent;
  private readonly progress: Progress;
  private readonly signal: AbortSignal;
  // Ends the request that is under way.
  private interrupt: ((why: Error) => void) | null = null;

  constructor(url: string, what: Sent, progress: Progress, signal: AbortSignal) {
    this.url = url;
    this.what = what;
    this.progress = progress;
    this.signal = signal;
  }

  async untilThere(): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(await guardHeaders());
      } catch (error) {
        // These are no sign of a connection that breaks each time.
        if (error instanceof Anew || isRefused(error)) attempt--;
        else if (!isLost(error) || attempt === mostAttempts) throw error;
        await mustBeReadable(this.what.file);
        if (!(error instanceof Anew)) await this.mayGoOn(attempt);
      }
      this.signal.throwIfAborted();
      this.progress.onProgress(0);
      this.progress.onHeld(null);
      this.progress.onAgain();
    }
  }

  sendNow(): void {
    this.interrupt?.(new Anew());
  }

  private async mayGoOn(attempt: number): Promise<void> {
    if (!needsLogin.peek()) {
      this.progress.onHeld('away');
      await pause(pauseBefore(attempt), this.signal);
      await when(isOnline, true, this.signal);
      // Who is refused while he still sends may see no more of that than a connection that breaks.
      await get('/me', { signal: this.signal }).catch(() => undefined);
    }
    if (!needsLogin.peek()) return;
    this.progress.onHeld('login');
    await when(needsLogin, false, this.signal);
  }

  private once(headers: Record<string, string>): Promise<T> {
    const { file, key } = this.what;
    const request = new XMLHttpRequest();
    const stillness = new Stillness(this.progress.onHeld, () => this.interrupt?.(new Stuck()));
    const cancel = (): void => this.interrupt?.(new DOMException('The upload was cancelled.', 'AbortError'));
    return new Promise<T>((resolve, reject) => {
      this.signal.throwIfAborted();
      this.interrupt = (why) => {
        reject(why);
        request.abort();
      };
      request.upload.onprogress = (event) => {
        stillness.moved();
        if (event.lengthComputable && event.total > 0) this.progress.onProgress(event.loaded / event.total);
      };
      request.upload.onload = () => stillness.moved('unanswered');
      request.onload = () => {
        reportAnswer();
        if (request.status === 401) reportRefused();
        if (request.status < 200 || request.status >= 300) reject(errorIn(request.status, request.responseText));
        else
          try {
            resolve(JSON.parse(request.responseText) as T);
          } catch {
            reject(errorIn(request.status, request.responseText));
          }
      };
      request.onerror = () => {
        reportSilence();
        reject(new ConnectionError());
      };
      request.open('POST', this.url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.setRequestHeader('Idempotency-Key', key);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      this.signal.addEventListener('abort', cancel);
      request.send(file);
      stillness.moved();
    }).finally(() => {
      this.interrupt = null;
      stillness.end();
      this.signal.removeEventListener('abort', cancel);
    });
  }
}

// Tells when nothing has moved for a while, and gives up when nothing does for longer.
class Stillness {
  private readonly tell: Progress['onHeld'];
  private readonly giveUp: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSaid = false;

  constructor(tell: Progress['onHeld'], giveUp: () => void) {
    this.tell = tell;
    this.giveUp = giveUp;
  }

  moved(next: keyof typeof lostAfterMs = 'still'): void {
    this.end();
    this.timer = setTimeout(() => {
      this.isSaid = true;
      this.tell(next);
      this.timer = setTimeout(this.giveUp, lostAfterMs[next]);
    }, saidAfterMs);
  }

  end(): void {
    clearTimeout(this.timer);
    if (this.isSaid) this.tell(null);
    this.isSaid = false;
  }
}

const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status === 401;

// No answer, or a proxy's that has no daemon behind it for the moment.
function isLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && [502, 503, 504].includes(error.status));
}

// A browser that cannot read the file says no more than that the connection broke.
async function mustBeReadable(file: Blob): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new UnreadableFile();
  }
}
