// What a conversation may be begun with: models, assistants, projects. Asked for when first needed.

import { computed, signal } from '@preact/signals';
import { get, sentenceOf } from '../api/client.ts';
import type { NewConversation } from '../api/conversations.ts';
import { listProjects } from '../api/projects.ts';
import type { Assistant, Model, Page, Project, Provider } from '../api/types.ts';

export const providers = signal<Provider[]>([]);
export const models = signal<string[]>([]);
export const assistants = signal<Assistant[]>([]);
export const projects = signal<Project[]>([]);
// For the next new conversation.
export const chosen = signal<NewConversation>({});
export const choicesError = signal<string | null>(null);

export const defaultModel = computed(() => {
  const provider = providers.value.find((one) => one.is_default);
  if (!provider) return null;
  return provider.kind === 'offline' ? provider.name : `${provider.name}:${provider.default_model ?? ''}`;
});

// The first page of each is what a menu can hold.
export async function loadChoices(): Promise<void> {
  try {
    const [known, listed, assisting, projected] = await Promise.all([
      get<{ providers: Provider[] }>('/providers'),
      get<{ data: Model[] }>('/v1/models'),
      get<{ assistants: Assistant[] } & Page>('/assistants', { query: { limit: 100 } }),
      listProjects(),
    ]);
    providers.value = known.providers;
    assistants.value = assisting.assistants;
    projects.value = projected.projects;
    // Archived or deleted elsewhere.
    const { project_id: project, ...others } = chosen.value;
    if (project && !projected.has_more && !projected.projects.some((one) => one.id === project)) chosen.value = others;
    const ids = new Set(assisting.assistants.map((one) => one.id));
    models.value = listed.data.map((one) => one.id).filter((id) => !ids.has(id) && !id.startsWith('asst_'));
    choicesError.value = null;
  } catch (error) {
    choicesError.value = sentenceOf(error);
  }
}

// A model's id on the page is as /v1/models lists it.
export function modelOf(about: { provider: string | null; model: string | null }): string | null {
  if (!about.model) return null;
  const provider = providers.value.find((one) => one.name === about.provider);
  return provider && provider.kind !== 'offline' ? `${provider.name}:${about.model}` : about.model;
}
