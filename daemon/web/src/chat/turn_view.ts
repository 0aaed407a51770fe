// What the page shows of a turn, and how it follows from the turn's events (apply) or from what is stored of it
// (turnViewOf). Both give the same parts under the same ids, so that nothing moves when one takes the other's place.

import type {
  Approval, ArtifactRef, Citation, Feedback, Json, Message, ToolResult, TurnError, TurnEvent, Usage,
} from '../api/types.ts';

export type CallState = 'running' | 'waiting' | 'background' | 'done' | 'failed' | 'stopped' | 'unfinished';

export interface CallPart {
  kind: 'call';
  id: string;
  name: string;
  arguments: Json;
  state: CallState;
  fraction: number | null;
  note: string;
  summary: string;
  errorType: string | null;
  artifacts: ArtifactRef[];
  jobId: string | null;
  approval: Approval | null;
  // Events do not bring it.
  result: Json | undefined;
}

export interface TextPart {
  kind: 'text';
  id: string;
  text: string;
  thinking: string;
  completed: boolean;
  citations: Citation[];
  note: string;
  feedback: Feedback | null;
}

export type Part = TextPart | CallPart;
export type TurnViewState = 'sending' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface TurnView {
  id: string | null;
  state: TurnViewState;
  parts: Part[];
  error: TurnError | null;
  usage: Usage | null;
  provider: string | null;
  model: string | null;
  endedAt: string | null;
  // The last event that was applied; the same one again changes nothing.
  lastEvent: number;
}

export const newTurnView = (): TurnView => ({
  id: null,
  state: 'sending',
  parts: [],
  error: null,
  usage: null,
  provider: null,
  model: null,
  endedAt: null,
  lastEvent: 0,
});

export const isRunning = (view: TurnView): boolean => view.state === 'sending' || view.state === 'running';

export function apply(view: TurnView, event: TurnEvent, number: number): TurnView {
  if (number <= view.lastEvent) return view;
  return { ...applied(view, event), lastEvent: number };
}

function applied(view: TurnView, event: TurnEvent): TurnView {
  switch (event.name) {
    case 'turn.started':
      return { ...view, state: 'running', provider: event.data.provider, model: event.data.model };
    case 'message.delta':
      return withText(view, event.data.message_id, (part) => ({ ...part, text: part.text + event.data.delta }));
    case 'thinking.delta':
      return withText(view, event.data.message_id, (part) => ({ ...part, thinking: part.thinking + event.data.delta }));
    case 'message.completed':
      return completed(view, event.data.message);
    case 'tool.call': {
      const { tool_call_id, name } = event.data;
      return withCall(view, tool_call_id, name, (call) => ({ ...call, arguments: event.data.arguments, state: 'running' }));
    }
    case 'approval.required': {
      const approval = event.data;
      return withCall(view, approval.tool_call_id, approval.name, (call) => ({
        ...call, arguments: approval.arguments, state: 'waiting', approval,
      }));
    }
    case 'action.required':
      // Another program's own tools: it has them run, this page cannot.
      return event.data.calls.reduce(
        (now, { tool_call_id, name }) => withCall(now, tool_call_id, name, (call) => ({ ...call, state: 'unfinished' })),
        view,
      );
    case 'tool.progress':
      return withCall(view, event.data.tool_call_id, event.data.name, (call) => ({
        ...call, state: 'running', approval: null, fraction: event.data.fraction, note: event.data.note,
      }));
    case 'tool.result': {
      const { tool_call_id, name, success, summary, artifacts, job_id, error_type } = event.data;
      const state: CallState = job_id ? 'background' : success ? 'done' : endOf(error_type);
      return withCall(view, tool_call_id, name, (call) => ({
        ...call, state, summary: state === 'stopped' ? '' : summary, artifacts, approval: null, jobId: job_id ?? null, errorType: error_type ?? null,
      }));
    }
    case 'title.updated':
      return view;
    case 'turn.completed': {
      const { usage, provider, model, created_at } = event.data.message;
      return settled({ ...view, state: 'completed', usage, provider, model, endedAt: created_at });
    }
    case 'turn.failed':
      return settled({ ...view, state: 'failed', error: event.data.error });
    case 'turn.cancelled':
      return settled({ ...view, state: 'cancelled' });
  }
}

// Of a call without success. What was stopped has not failed: somebody wanted it so.
const endOf = (errorType: string | null | undefined): CallState => (errorType === 'CancelledError' ? 'stopped' : 'failed');

const emptyText = (id: string): TextPart => ({
  kind: 'text', id, text: '', thinking: '', completed: false, citations: [], note: '', feedback: null,
});

const emptyCall = (id: string, name: string): CallPart => ({
  kind: 'call', id, name, arguments: null, state: 'running', fraction: null, note: '', summary: '', errorType: null,
  artifacts: [], jobId: null, approval: null, result: undefined,
});

// A message that begins takes the place of one that never ended: the daemon has asked for it anew.
function withText(view: TurnView, id: string, change: (part: TextPart) => TextPart): TurnView {
  const known = view.parts.some((part) => part.kind === 'text' && part.id === id);
  if (known) return { ...view, parts: view.parts.map((part) => (part.kind === 'text' && part.id === id ? change(part) : part)) };
  const kept = view.parts.filter((part) => part.kind !== 'text' || part.completed);
  return { ...view, parts: [...kept, change(emptyText(id))] };
}

function withCall(view: TurnView, id: string, name: string, change: (call: CallPart) => CallPart): TurnView {
  const known = view.parts.some((part) => part.kind === 'call' && part.id === id);
  if (!known) return { ...view, parts: [...view.parts, change(emptyCall(id, name))] };
  return { ...view, parts: view.parts.map((part) => (part.kind === 'call' && part.id === id ? change(part) : part)) };
}

function completed(view: TurnView, message: Message): TurnView {
  const said = withText(view, message.id, (part) => ({
    ...part,
    text: message.content,
    thinking: message.thinking ?? part.thinking,
    completed: true,
    citations: message.citations ?? [],
    note: message.note ?? '',
    feedback: message.feedback ?? null,
  }));
  // A message of nothing but calls shows nothing itself.
  const parts = said.parts.filter((part) => part.kind !== 'text' || part.id !== message.id || part.text.trim() || part.thinking || part.note);
  return { ...said, parts };
}

// Nothing goes on any more, but for jobs.
function settled(view: TurnView): TurnView {
  const parts = view.parts.map((part): Part => {
    if (part.kind === 'text') return part.completed ? part : { ...part, completed: true };
    return part.state === 'running' || part.state === 'waiting' ? { ...part, state: 'unfinished', approval: null } : part;
  });
  return { ...view, parts };
}

// From the messages of one turn, in their order, without the user's.
export function turnViewOf(id: string | null, messages: Message[]): TurnView {
  let view: TurnView = { ...newTurnView(), id, state: 'running', lastEvent: Number.MAX_SAFE_INTEGER };
  for (const message of messages) {
    if (message.role === 'assistant') view = withReply(view, message);
    else if (message.role === 'tool') view = withResult(view, message);
  }
  return settled({ ...view, state: 'completed' });
}

function withReply(view: TurnView, message: Message): TurnView {
  let next = completed(view, message);
  for (const call of message.tool_calls ?? [])
    next = withCall(next, call.id, call.function.name, (part) => ({ ...part, arguments: parsed(call.function.arguments) }));
  const endedAt = message.created_at;
  return { ...next, provider: message.provider ?? null, model: message.model ?? null, usage: sum(view.usage, message.usage), endedAt };
}

function withResult(view: TurnView, message: Message): TurnView {
  const result = parsed(message.content);
  return withCall(view, message.tool_call_id ?? message.id, message.name ?? 'tool', (call) => {
    if (!isToolResult(result)) return { ...call, state: message.success === false ? 'failed' : 'done', result };
    const jobId = jobOf(result);
    const state = jobId ? 'background' : message.success === false ? endOf(result.error?.error_type) : 'done';
    return {
      ...call,
      state,
      summary: state === 'stopped' ? '' : (result.summary ?? result.error?.message ?? ''),
      errorType: result.error?.error_type ?? null,
      artifacts: result.artifacts ?? [],
      jobId,
      result,
    };
  });
}

function isToolResult(value: Json): value is Json & ToolResult {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// The job as which the call goes on; a result that tells of another call's job names that one's tool.
function jobOf({ data }: ToolResult): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return data.status === 'running' && typeof data.job_id === 'string' && !('tool' in data) ? data.job_id : null;
}

// Text that is no JSON stays text.
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function sum(before: Usage | null, more: Usage | undefined): Usage | null {
  if (!before || !more) return more ?? before;
  return {
    prompt_tokens: before.prompt_tokens + more.prompt_tokens,
    completion_tokens: before.completion_tokens + more.completion_tokens,
    total_tokens: before.total_tokens + more.total_tokens,
    ...((before.cost ?? more.cost) !== undefined && { cost: (before.cost ?? 0) + (more.cost ?? 0) }),
    ...((before.estimated || more.estimated) && { estimated: true }),
  };
}
