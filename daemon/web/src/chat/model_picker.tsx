// Which model or assistant answers.

import type { ComponentChildren } from 'preact';
import type { NewConversation } from '../api/conversations.ts';
import type { Conversation } from '../api/types.ts';
import { assistants, chosen, defaultModel, modelOf, models } from '../state/choices.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';

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

export function Picker({ label, items, children }: { label: string; items: MenuItem[]; children: ComponentChildren }) {
  return (
    <Menu label={label} items={items} class="picked is-button" place="above" align="start">
      <span class="picked-text">{children}</span>
      <Icon name="chevron_down" size={14} />
    </Menu>
  );
}
