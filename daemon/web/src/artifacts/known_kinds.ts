// The kinds of files that there are. Plugins name the kinds of what they make: those of files that were seen are known, and
// of those that tools say they take it can be asked whether there is one.

import { signal } from '@preact/signals';

import { get } from '../api/client.ts';
import type { Artifact, Json, Tool } from '../api/types.ts';
import { loadTools, tools } from '../state/tools.ts';
import { usualKinds } from './kinds.ts';

export const knownKinds = signal<ReadonlySet<string>>(new Set());
const asked = new Set<string>();

export function sawKinds(artifacts: Artifact[]): void {
  const added = artifacts.map((one) => one.kind).filter((kind) => !knownKinds.peek().has(kind));
  if (added.length > 0) knownKinds.value = new Set([...knownKinds.peek(), ...added]);
}

/** Of the kinds that nothing was seen of: for lists that are longer than what is loaded of them. */
export async function lookForKinds(): Promise<void> {
  if (!tools.value) await loadTools();
  const wanted = [...usualKinds, ...kindsIn(tools.value ?? [])].filter((kind) => !knownKinds.peek().has(kind) && !asked.has(kind));
  for (const kind of new Set(wanted)) {
    asked.add(kind);
    try {
      sawKinds((await get<{ artifacts: Artifact[] }>('/artifacts', { query: { kind, limit: 1 } })).artifacts);
    } catch {
      asked.delete(kind); // another time
    }
  }
}

/** Those of the artifacts that tools take. */
export function kindsIn(all: Tool[]): string[] {
  const kinds = (schema: Json | undefined): string[] => {
    if (typeof schema !== 'object' || schema === null) return [];
    const own = Array.isArray(schema) ? undefined : schema['x-artifact-kinds'];
    const named = Array.isArray(own) ? own.filter((one): one is string => typeof one === 'string') : [];
    return [...named, ...Object.values(schema).flatMap(kinds)];
  };
  return [...new Set(all.flatMap((tool) => kinds(tool.input_schema)))];
}
