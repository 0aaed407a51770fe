// The calls about projects, by name.

import { get, patch, post } from './client.ts';
import type { Page, Project } from './types.ts';

export type Fact = string | number | boolean;

export interface ProjectFields {
  name: string;
  description: string | null;
  facts: Record<string, Fact>;
}

const at = (id: string): string => `/projects/${encodeURIComponent(id)}`;

export const listProjects = () => get<{ projects: Project[] } & Page>('/projects', { query: { limit: 100, archived: false } });
export const createProject = (fields: ProjectFields) => post<Project>('/projects', fields);
export const changeProject = (id: string, fields: ProjectFields) => patch<Project>(at(id), fields);
export const setProjectArchived = (id: string, archived: boolean) => post<Project>(`${at(id)}/${archived ? 'archive' : 'unarchive'}`);
