// One request to the daemon, and the two ways in which it can go wrong: an ApiError has the daemon's own sentence, a
// ConnectionError means that there was no answer. Everything that the page asks goes through here.

import { reportAnswer, reportSilence } from '../state/connection.ts';
import { guardHeaders, reportRefused, SESSION } from '../state/session.ts';
import type { Problem } from './types.ts';

export const API = '/api/v1/ai';
export const OWN_PASSWORD = '/me/password';

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: { field: string; message: string }[];
  readonly retryAfterS: number | null;

  constructor(status: number, problem: Pick<Problem, 'code' | 'message' | 'details'>, retryAfterS: number | null) {
    super(problem.message);
    this.status = status;
    this.code = problem.code;
    this.details = problem.details ?? [];
    this.retryAfterS = retryAfterS;
  }
}

export class ConnectionError extends Error {
  constructor() {
    super('assistd does not answer. Is the daemon running?');
  }
}

export interface CallOptions {
  // An object is sent as JSON.
  body?: object | Blob;
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  // The request outlives the page.
  keepalive?: boolean;
}

export function address(path: string, query: CallOptions['query'] = {}): string {
  const keys = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') keys.set(key, String(value));
  const text = keys.toString();
  return (path.startsWith('/v1/') || path.startsWith(API) || path === SESSION ? path : API + path) + (text && `?${text}`);
}

// The reply, when it is a good one; its body is not read yet.
export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { body, query, headers = {}, signal, keepalive } = options;
  const isJson = body !== undefined && !(body instanceof Blob);
  const guard = method === 'GET' || path === SESSION ? {} : guardHeaders();
  const guarded = { ...headers, ...(guard instanceof Promise ? await guard : guard) };
  let reply: Response;
  try {
    reply = await fetch(address(path, query), {
      method,
      headers: isJson ? { 'Content-Type': 'application/json', ...guarded } : guarded,
      body: isJson ? JSON.stringify(body) : body,
      signal,
      keepalive,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    reportSilence();
    throw new ConnectionError();
  }
  reportAnswer();
  // Where a password is sent, it is that which is wrong.
  if (reply.status === 401 && path !== SESSION && path !== OWN_PASSWORD) reportRefused();
  if (!reply.ok) throw await errorOf(reply);
  return reply;
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const reply = await send(method, path, options);
  try {
    if (reply.status === 204) return undefined as T;
    return (await reply.json()) as T;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    reportSilence();
    throw new ConnectionError();
  }
}

export const get = <T>(path: string, options?: CallOptions) => call<T>('GET', path, options);
export const post = <T>(path: string, body?: object, options?: CallOptions) => call<T>('POST', path, { ...options, body });
export const patch = <T>(path: string, body: object, options?: CallOptions) => call<T>('PATCH', path, { ...options, body });
export const remove = (path: string, options?: CallOptions) => call<undefined>('DELETE', path, options);

export async function errorOf(reply: Response): Promise<ApiError> {
  const retryAfter = Number(reply.headers.get('Retry-After') ?? Number.NaN);
  return errorIn(reply.status, await reply.text().catch(() => ''), Number.isFinite(retryAfter) ? retryAfter : null);
}

// Proxies in between answer in shapes of their own.
export function errorIn(status: number, text: string, retryAfterS: number | null = null): ApiError {
  try {
    const { error } = JSON.parse(text) as { error?: Problem };
    if (error?.message) return new ApiError(status, { ...error, message: withDetails(error) }, retryAfterS);
  } catch {
    // Not the daemon's JSON: the status has to do.
  }
  const message = status === 502 || status === 503 || status === 504
    ? 'assistd cannot be reached at the moment. Try again in a moment.'
    : `The server answered with status ${status}, without a reason.`;
  return new ApiError(status, { code: 'unknown', message }, retryAfterS);
}

function withDetails(problem: Problem): string {
  const sentences = (problem.details ?? []).map((one) => one.message).filter(Boolean);
  return sentences.length > 0 ? sentences.join(' ') : problem.message;
}

// What to tell a person about whatever was thrown.
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.message) return error.message;
  return 'Something went wrong in the page. Reload it and try again.';
}

// Whether the same may go well another time; what the daemon has refused, it refuses again.
export function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || [401, 408, 409, 429].includes(error.status);
  // A part of the page itself that could not be fetched is a TypeError.
  return error instanceof ConnectionError || error instanceof TypeError;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
