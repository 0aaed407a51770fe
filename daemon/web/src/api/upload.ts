// Sends a file as the body of a request and tells how far it is. XMLHttpRequest, since fetch tells nothing of uploads. One
// whose connection is lost is sent again from its beginning as soon as the daemon answers. As long as one is on its way, or
// waits to go on, the browser asks before the page is left.

import { pause, reportAnswer, reportSilence, whenOnline } from '../state/connection.ts';
import { pauseBefore } from '../state/retry.ts';
import { guardHeaders, reportRefused } from '../state/session.ts';
import { address, ApiError, type CallOptions, ConnectionError, errorIn } from './client.ts';

export interface Upload<T> {
  // Rejects with an ApiError, a ConnectionError, an UnreadableFile, or an AbortError after cancel().
  result: Promise<T>;
  cancel(): void;
}

export interface Progress {
  onProgress: (fraction: number) => void;
  // Whether the connection is lost at the moment.
  onLost: (isLost: boolean) => void;
}

export class UnreadableFile extends Error {
  constructor() {
    super('The file cannot be read any more: it was changed, moved or removed after it was chosen. Choose it again.');
  }
}

// A connection that breaks each time though the daemon answers: something between here and there does not let it through.
const mostAttempts = 5;
const running = new Set<AbortController>();

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export function upload<T>(path: string, file: Blob, query: CallOptions['query'], progress: Progress): Upload<T> {
  const leaving = new AbortController();
  running.add(leaving);
  addEventListener('beforeunload', askBeforeLeaving);
  const result = sendUntilThere<T>(address(path, query), file, progress, leaving.signal).finally(() => {
    running.delete(leaving);
    if (running.size === 0) removeEventListener('beforeunload', askBeforeLeaving);
  });
  return { result, cancel: () => leaving.abort() };
}

async function sendUntilThere<T>(url: string, file: Blob, { onProgress, onLost }: Progress, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce<T>(url, file, await guardHeaders(), onProgress, signal);
    } catch (error) {
      if (!isLost(error) || attempt === mostAttempts) throw error;
    }
    await mustBeReadable(file);
    onLost(true);
    await pause(pauseBefore(attempt), signal);
    await whenOnline(signal);
    signal.throwIfAborted();
    onProgress(0);
    onLost(false);
  }
}

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

function sendOnce<T>(url: string, file: Blob, headers: Record<string, string>, onProgress: Progress['onProgress'], signal: AbortSignal): Promise<T> {
  const request = new XMLHttpRequest();
  const abort = (): void => request.abort();
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
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
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    signal.addEventListener('abort', abort);
    request.send(file);
  }).finally(() => signal.removeEventListener('abort', abort));
}
