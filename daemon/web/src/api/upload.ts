// Sends a file as the body of a request and tells how far it is. XMLHttpRequest, since fetch tells nothing of uploads.

import { reportAnswer, reportSilence } from '../state/connection.ts';
import { address, type CallOptions, ConnectionError, errorIn } from './client.ts';

export interface Upload<T> {
  // Rejects with an ApiError, a ConnectionError, or an AbortError after cancel().
  result: Promise<T>;
  cancel(): void;
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
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.send(file);
  });
  return { result, cancel: () => request.abort() };
}
