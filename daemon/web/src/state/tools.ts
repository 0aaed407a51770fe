// The tools that there are: their titles for the cards, and their phrases for the examples.

import { computed, signal } from '@preact/signals';
import { get } from '../api/client.ts';
import type { Tool, ToolList } from '../api/types.ts';

export const tools = signal<Tool[] | null>(null);
let loading: Promise<void> | null = null;
const titles = computed(() => new Map((tools.value ?? []).map((tool) => [tool.name, tool.title])));

// Without them the page works as well: names take the place of titles, and there are no examples.
export function loadTools(): Promise<void> {
  loading ??= readTools().finally(() => (loading = null));
  return loading;
}

async function readTools(): Promise<void> {
  try {
    tools.value = (await get<ToolList>('/tools')).tools;
  } catch {
    tools.value ??= null;
  }
}

export function titleOfTool(name: string): string {
  return titles.value.get(name) ?? readable(name);
}

// "run_box_counting" → "Run box counting".
function readable(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// With the tools' titles in the place of their names. What is called by its tool's title is not told to be of that tool.
export function withTitles(text: string): string {
  const titled = text.replaceAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g, (word) => titles.value.get(word) ?? word);
  return titled === text ? text : titled.replaceAll(/(["“]([^"“”]+)["”]) of \2(?!\w)/g, '$1');
}
