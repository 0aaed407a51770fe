// A whole conversation as a file, as assistctl conversations export writes it: for people as Markdown, for programs as JSON.

import { get } from '../api/client.ts';
import type { Conversation, Json, Message, Page, ToolCall } from '../api/types.ts';
import { save } from '../ui/save.ts';
import { loadTools, titleOfTool, tools, withTitles } from './tools.ts';

export type ExportFormat = 'markdown' | 'json';

export async function exportConversation(id: string, format: ExportFormat): Promise<void> {
  const [whole] = await Promise.all([wholeConversation(id), tools.value ? undefined : loadTools()]);
  const name = (whole.title ?? '').replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '').slice(0, 60) || 'conversation';
  if (format === 'json') save(`${name}.json`, new Blob([`${JSON.stringify(whole, null, 2)}\n`], { type: 'application/json' }));
  else save(`${name}.md`, new Blob([asMarkdown(whole)], { type: 'text/markdown' }));
}

type Whole = Pick<Conversation, 'id' | 'title'> & { messages: Message[] };

// Page by page: it may be of any length.
async function wholeConversation(id: string): Promise<Whole> {
  const path = `/conversations/${encodeURIComponent(id)}`;
  const messages: Message[] = [];
  let cursor: string | null = null;
  do {
    const page: Page & { messages: Message[] } = await get(`${path}/messages`, { query: { limit: 100, cursor } });
    messages.push(...page.messages);
    cursor = page.next_cursor;
  } while (cursor);
  return { ...(await get<Conversation>(path)), messages };
}

/** Who said what, and what was done in between. */
export function asMarkdown({ id, title, messages }: Whole): string {
  const lines = [`# ${title ?? id}`];
  let speaker = '';
  for (const message of messages) {
    const now = message.role === 'tool' ? 'assistant' : message.role;
    if (now !== speaker) lines.push(`## ${now}, ${message.created_at.slice(0, 16).replace('T', ' ')}`);
    speaker = now;
    lines.push(...partsOf(message));
  }
  return `${lines.join('\n\n')}\n`;
}

function partsOf(message: Message): string[] {
  if (message.role === 'tool') return [`* ${titleOfTool(message.name ?? 'tool')}: ${resultOf(message.content)}`];
  return [
    message.role === 'system' ? withTitles(message.content) : message.content,
    ...(message.attachments ?? []).map(({ artifact, handle, name }) => `* attached: ${[handle ?? artifact, name].filter(Boolean).join(', ')}`),
    ...(message.tool_calls ?? []).map((call) => `* calls ${callOf(call)}`),
  ].filter(Boolean);
}

function callOf({ function: { name, arguments: given } }: ToolCall): string {
  const values = parsed(given);
  const words = isObject(values) ? Object.entries(values).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ') : given;
  return `${titleOfTool(name)}${words && ` with ${words}`}`;
}

// A tool's result in a sentence with its files; JSON has the numbers.
function resultOf(content: string): string {
  const result = parsed(content);
  if (!isObject(result)) return content;
  if (isObject(result.error)) return `failed: ${withTitles(String(result.error.message))}`;
  if (typeof result.summary !== 'string' || !result.summary) return content;
  const handles = Array.isArray(result.artifacts) ? result.artifacts.flatMap((one) => (isObject(one) ? [String(one.handle)] : [])) : [];
  return withTitles(result.summary) + (handles.length > 0 ? ` (${handles.join(', ')})` : '');
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
