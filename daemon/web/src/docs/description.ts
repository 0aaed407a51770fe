// The parts of an OpenAPI description that the page shows, and how they are found in it.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: 'query' | 'path' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
}

export interface MediaType {
  schema?: Schema;
  example?: unknown;
  'x-example'?: string;
  'x-events'?: Record<string, Schema>;
  'x-end'?: string;
}

export interface Response {
  $ref?: string;
  description: string;
  content?: Record<string, MediaType>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; description?: string; content: Record<string, MediaType> };
  responses: Record<string, Response>;
  security: Record<string, string[]>[];
}

export interface Description {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

// An operation, with where it is asked for.
export interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

export async function readDescription(): Promise<Description> {
  const reply = await fetch('/openapi.json');
  if (!reply.ok) throw new Error(`GET /openapi.json was answered with ${reply.status}.`);
  return (await reply.json()) as Description;
}

// What a reference means; other values are themselves.
export function resolved<T extends { $ref?: string }>(description: Description, value: T): T {
  if (!value.$ref) return value;
  let found: unknown = description;
  for (const step of value.$ref.slice(2).split('/')) found = (found as Record<string, unknown>)[step];
  return found as T;
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

// The operations by tag, those that have all the words somewhere.
export function entriesByTag(description: Description, search: string): { tag: string; about: string; entries: Entry[] }[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = description.tags.map((tag) => ({ tag: tag.name, about: tag.description, entries: [] as Entry[] }));
  for (const [path, operations] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const text = `${method} ${path} ${operation.operationId} ${operation.summary} ${operation.description ?? ''}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      groups.find((group) => group.tag === operation.tags[0])?.entries.push({ method, path, operation });
    }
  return groups.filter((group) => group.entries.length > 0);
}

// What a caller must be allowed to; undefined where nothing is needed.
export function scopeOf(operation: Operation): string | undefined {
  const way = operation.security[0];
  return way && Object.values(way)[0]?.[0];
}
