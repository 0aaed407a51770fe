// In which project a new conversation is, and the way to projects themselves.

import { Picker } from '../chat/model_picker.tsx';
import { chosen, projects } from '../state/choices.ts';
import { isListingProjects, newProjectToPick, pickProject, projectForm } from '../state/projects.ts';
import { Icon } from '../ui/icon.tsx';
import type { MenuItem } from '../ui/menu.tsx';

export function ProjectPicker() {
  const project = projects.value.find((one) => one.id === chosen.value.project_id);
  const name = project?.name ?? 'No project';
  const items: MenuItem[] = [
    { label: 'No project', checked: !project, run: () => pickProject(null) },
    ...projects.value.map((one) => ({
      label: one.name, hint: one.description ?? undefined, checked: one.id === project?.id, run: () => pickProject(one.id),
    })),
    { label: 'New project …', icon: 'add', run: newProjectToPick },
  ];
  if (project) items.push({ label: `Change “${project.name}” …`, icon: 'edit', run: () => void (projectForm.value = { project }) });
  items.push({ label: 'All projects …', icon: 'folder', run: () => void (isListingProjects.value = true) });
  return (
    <Picker label={`Project: ${name}`} items={items}>
      <Icon name="folder" size={16} />
      {name}
    </Picker>
  );
}
