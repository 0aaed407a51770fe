// Sends a file as the body of a request and tells how far it is. XMLHttpRequest, since fetch tells nothing of uploads.
// As long as one is on its way, the browser asks before the page is left.

import { reportAnswer, reportSilence } from '../state/connection.ts';
import { me, reportRefused } from '../state/session.ts';
import { address, type CallOptions, ConnectionError, errorIn } from './client.ts';

export interface Upload<T> {
  // Rejects with an ApiError, a ConnectionError, or an AbortError after cancel().
  result: Promise<T>;
  cancel(): void;
}

const running = new Set<XMLHttpRequest>();

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export function upload<T>(
  path: string,
  file: Blob,
  query: CallOptions['query'],
  onProgress: (fraction: number) => void,
): Upload<T> {
  const request = new XMLHttpRequest();
  const result = new Promise<T>((resolve, reject) => {
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
    request.open('POST', address(path, query));
    if (me.value?.csrf_token) request.setRequestHeader('X-CSRF-Token', me.value.csrf_token);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.send(file);
    addEventListener('beforeunload', askBeforeLeaving);
    running.add(request);
    request.onloadend = () => {
      running.delete(request);
      if (running.size === 0) removeEventListener('beforeunload', askBeforeLeaving);
    };
  });
  return { result, cancel: () => request.abort() };
}
