// The dialogs about projects: which is open, and what becomes of what is done in them.

import { signal } from '@preact/signals';
import { type ProjectFields, changeProject, createProject, setProjectArchived } from '../api/projects.ts';
import type { Project } from '../api/types.ts';
import { announce } from './announcements.ts';
import { chosen, projects } from './choices.ts';
import { filter, setFilter } from './conversation_list.ts';

export interface ProjectForm {
  // The one that is changed; null: one is made.
  project: Project | null;
  then?: (saved: Project) => void;
}

export const isListingProjects = signal(false);
export const projectForm = signal<ProjectForm | null>(null);

export const pickProject = (id: string | null): void => {
  const { project_id: _, ...others } = chosen.value;
  chosen.value = id ? { ...others, project_id: id } : others;
};

export const newProjectToPick = (): void => void (projectForm.value = { project: null, then: (made) => pickProject(made.id) });

// Menus have those that are not archived.
function known(project: Project): void {
  const others = projects.value.filter((one) => one.id !== project.id);
  projects.value = project.is_archived ? others : [project, ...others];
  if (!project.is_archived) return;
  if (chosen.value.project_id === project.id) pickProject(null);
  if (filter.value.project_id === project.id) setFilter({ project_id: null });
}

export async function saveProject({ project, then }: ProjectForm, fields: ProjectFields): Promise<void> {
  const saved = await (project ? changeProject(project.id, fields) : createProject(fields));
  known(saved);
  announce(`The project ${saved.name} is ${project ? 'changed' : 'there'}.`);
  then?.(saved);
}

export async function archiveProject(project: Project, archived: boolean): Promise<Project> {
  const changed = await setProjectArchived(project.id, archived);
  known(changed);
  announce(archived ? `${project.name} is archived.` : `${project.name} is out of the archive.`);
  return changed;
}
