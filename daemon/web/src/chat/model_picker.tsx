// Which model or assistant answers, and in which project a new conversation is.

import type { ComponentChildren } from 'preact';
import { signal } from '@preact/signals';
import type { NewConversation } from '../api/conversations.ts';
import type { Conversation } from '../api/types.ts';
import { assistants, defaultModel, modelOf, models, projects } from '../state/choices.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';

// For the next new conversation.
export const chosen = signal<NewConversation>({});

export function ModelPicker({ about, onModel }: { about: Conversation | null; onModel: (model: string) => void }) {
  const assistant = assistants.value.find((one) => one.id === (about ? about.assistant_id : chosen.value.assistant_id));
  const model = (about ? modelOf(about) : chosen.value.model) ?? defaultModel.value;
  const items: MenuItem[] = models.value.map((id) => ({
    label: id,
    hint: id === defaultModel.value ? 'the default' : undefined,
    checked: !assistant && id === model,
    run: () => onModel(id),
  }));
  // A conversation keeps the assistant that it was begun with.
  if (!about)
    for (const one of assistants.value)
      items.push({
        label: one.name ?? one.id,
        hint: one.description ?? `Assistant on ${one.model}`,
        checked: one.id === assistant?.id,
        run: () => {
          chosen.value = { ...withoutModel(chosen.value), assistant_id: one.id };
        },
      });
  if (items.length < 2 && !assistant) return (
      <span class="picked ui-soft">
        <span class="ui-hidden">Model: </span>
        {model}
      </span>
    );
  return (
    <Picker label={`Model: ${assistant?.name ?? model ?? 'the default'}`} items={items}>
      {assistant?.name ?? model}
    </Picker>
  );
}

export function chooseModel(model: string): void {
  chosen.value = { ...withoutModel(chosen.value), model };
}

function withoutModel({ project_id }: NewConversation): NewConversation {
  return project_id ? { project_id } : {};
}

export function ProjectPicker() {
  if (projects.value.length === 0) return null;
  const project = projects.value.find((one) => one.id === chosen.value.project_id);
  const pick = (id: string | undefined): void => {
    const { project_id: _, ...others } = chosen.value;
    chosen.value = id ? { ...others, project_id: id } : others;
  };
  const items: MenuItem[] = [
    { label: 'No project', checked: !project, run: () => pick(undefined) },
    ...projects.value.map((one) => ({
      label: one.name, hint: one.description ?? undefined, checked: one.id === project?.id, run: () => pick(one.id),
    })),
  ];
  return (
    <Picker label={`Project: ${project?.name ?? 'No project'}`} items={items}>
      <Icon name="folder" size={16} />
      {project?.name ?? 'No project'}
    </Picker>
  );
}

function Picker({ label, items, children }: { label: string; items: MenuItem[]; children: ComponentChildren }) {
  return (
    <Menu label={label} items={items} class="picked is-button" place="above" align="start">
      <span class="picked-text">{children}</span>
      <Icon name="chevron_down" size={14} />
    </Menu>
  );
}
