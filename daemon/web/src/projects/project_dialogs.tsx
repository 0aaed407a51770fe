// Projects: all of them in a list, and the form that makes one or changes it.

import { useRef, useState } from 'preact/hooks';
import { ApiError, sentenceOf } from '../api/client.ts';
import type { Project } from '../api/types.ts';
import { usePages } from '../state/pages.ts';
import { archiveProject, isListingProjects, type ProjectForm, projectForm, saveProject } from '../state/projects.ts';
import { IconButton } from '../ui/buttons.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FieldError, Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { ListEnd } from '../ui/list_end.tsx';
import { FactFields } from './fact_fields.tsx';
import { factsIn, typedFacts } from './facts.ts';
import './projects.css';

export function ProjectDialogs() {
  return (
    <>
      {isListingProjects.value && <ProjectList />}
      {projectForm.value && <ProjectFormDialog form={projectForm.value} />}
    </>
  );
}

function ProjectFormDialog({ form }: { form: ProjectForm }) {
  const { project } = form;
  const before = project?.facts ?? {};
  const [facts, setFacts] = useState(() => typedFacts(before));
  const close = (): void => void (projectForm.value = null);
  const save = async (given: FormData): Promise<void> => {
    const name = String(given.get('name')).trim();
    const description = String(given.get('description')).trim();
    try {
      await saveProject(form, { name, description: description || null, facts: factsIn(facts, before) });
    } catch (error) {
      // Of what a request has, only the name can be somebody else's.
      throw error instanceof ApiError && error.status === 409 ? new FieldError('name', error.message) : error;
    }
    close();
  };
  return (
    <Dialog title={project ? `Change “${project.name}”` : 'A new project'} onClose={close} stays>
      <Form action={project ? 'Save' : 'Make the project'} busy={project ? 'Saving …' : 'Making the project …'} submit={save}>
        <Field name="name" label="Name" value={project?.name} maxLength={200} />
        <Field name="description" label="Description" value={project?.description ?? ''} maxLength={2000} lines={2} optional />
        <FactFields facts={facts} setFacts={setFacts} />
      </Form>
    </Dialog>
  );
}

function ProjectList() {
  const pages = usePages<Project, 'projects'>('/projects', 'projects', { limit: 50 });
  const put = (saved: Project): void =>
    pages.change((items) => (items.some((one) => one.id === saved.id) ? items.map((one) => (one.id === saved.id ? saved : one)) : [saved, ...items]));
  return (
    <Dialog title="Projects" size="large" onClose={() => void (isListingProjects.value = false)}>
      <p class="projects-about ui-soft">What conversations and files belong to. What is known of a project is told to the model in each of its conversations.</p>
      <div class="filters">
        <button type="button" class="ui-button is-main" onClick={() => void (projectForm.value = { project: null, then: put })}>
          New project
        </button>
      </div>
      <ul class="projects" aria-label="Projects" hidden={pages.items.length === 0}>
        {pages.items.map((project) => (
          <ProjectRow key={project.id} project={project} onChanged={put} />
        ))}
      </ul>
      <ListEnd pages={pages} of={['project', 'projects']} empty="There are no projects yet." />
    </Dialog>
  );
}

function ProjectRow({ project, onChanged }: { project: Project; onChanged: (changed: Project) => void }) {
  const [problem, setProblem] = useState('');
  const isBusy = useRef(false);
  const { name, is_archived: isArchived } = project;
  const archive = async (): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    setProblem('');
    try {
      onChanged(await archiveProject(project, !isArchived));
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      isBusy.current = false;
    }
  };
  return (
    <li class="project">
      <Icon name="folder" />
      <div class="project-text">
        <b dir="auto">{name}</b>
        {project.description && <span class="ui-small" dir="auto">{project.description}</span>}
        <span class="ui-soft ui-small">{countsOf(project)}</span>
        {problem && <span class="ui-error ui-small" role="alert">{problem}</span>}
      </div>
      {isArchived && <span class="ui-badge">Archived</span>}
      <IconButton icon="edit" label={`Change ${name}`} onClick={() => void (projectForm.value = { project, then: onChanged })} />
      <IconButton icon={isArchived ? 'restore' : 'archive'} label={isArchived ? `Take ${name} out of the archive` : `Archive ${name}`} onClick={() => void archive()} />
    </li>
  );
}

function countsOf(project: Project): string {
  const counts: [number, string][] = [[project.conversation_count, 'conversation'], [project.artifact_count, 'file'], [Object.keys(project.facts).length, 'fact']];
  return counts.map(([count, what]) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`).join(' · ');
}
