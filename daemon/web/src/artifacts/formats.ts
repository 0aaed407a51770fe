// In which other formats an artifact can be had: tools say so in their schemas. Either the tool that made it takes a
// "format", or another one takes an artifact of this kind (x-artifact-kinds) and nothing else that must be given.

import { ApiError, get, post } from '../api/client.ts';
import type { Artifact, ArtifactRef, Json, JsonObject, Tool, ToolList, ToolResult } from '../api/types.ts';

export interface Format {
  format: string;
  tool: string;
  title: string;
  arguments: JsonObject;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function propertiesOf(tool: Tool): [string, JsonObject][] {
  const properties = tool.input_schema['properties'];
  return isObject(properties) ? Object.entries(properties).filter((entry): entry is [string, JsonObject] => isObject(entry[1])) : [];
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The argument that takes the artifact, when it is one and nothing else is required. */
function argumentFor(kind: string, tool: Tool): string | null {
  const taking = propertiesOf(tool).filter(([, schema]) => schema['type'] === 'string' && textsIn(schema['x-artifact-kinds']).includes(kind));
  const required = textsIn(tool.input_schema['required']);
  const name = taking[0]?.[0];
  return name !== undefined && taking.length === 1 && required.every((one) => one === name) ? name : null;
}

export function formatsOf(artifact: Artifact, tools: Tool[]): Format[] {
  return tools.flatMap((tool) => {
    const offered = textsIn(propertiesOf(tool).find(([name]) => name === 'format')?.[1]['enum']);
    if (offered.length === 0 || !tool.allowed || tool.needs_approval || tool.requires_project) return [];
    const title = tool.title ?? tool.name;
    if (tool.name === artifact.tool) {
      const current = artifact.parameters['format'];
      return offered
        .filter((format) => format !== current)
        .map((format) => ({ format, tool: tool.name, title, arguments: { ...artifact.parameters, format } }));
    }
    const name = argumentFor(artifact.kind, tool);
    if (name === null) return [];
    return offered.map((format) => ({ format, tool: tool.name, title, arguments: { [name]: artifact.handle, format } }));
  });
}

let asked: Promise<ToolList> | null = null;

/** Asked once: tools that come later are offered when the page is loaded again. */
export async function availableFormats(artifact: Artifact): Promise<Format[]> {
  asked ??= get<ToolList>('/tools');
  asked.catch(() => (asked = null));
  return formatsOf(artifact, (await asked).tools);
}

/** The new artifact, or null when the tool goes on in the background. Throws a sentence. */
export async function make(format: Format): Promise<ArtifactRef | null> {
  const result = await post<ToolResult>(`/tools/${encodeURIComponent(format.tool)}/execute`, { arguments: format.arguments });
  if (!result.success && result.error) throw new ApiError(200, { code: result.error.error_type, message: result.error.message }, null);
  return result.artifacts?.[0] ?? null;
}

/** As a click on a link to it. */
export function download(artifact: ArtifactRef): void {
  const link = document.createElement('a');
  link.href = artifact.url;
  link.download = artifact.name;
  document.body.append(link);
  link.click();
  link.remove();
}
