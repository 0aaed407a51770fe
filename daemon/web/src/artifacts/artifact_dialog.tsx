// One artifact in the whole window, with everything that is known of how it came to be.

import { useEffect, useState } from 'preact/hooks';

import { post, sentenceOf } from '../api/client.ts';
import type { Artifact } from '../api/types.ts';
import { conversationPath } from '../state/route.ts';
import { mayWrite } from '../state/session.ts';
import { showError, showToast } from '../state/toasts.ts';
import { tools, withTitles } from '../state/tools.ts';
import { CopyButton, IconButton } from '../ui/buttons.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { aboutArtifact } from './about.ts';
import './artifacts.css';
import { ArtifactBody } from './body.tsx';
import { type Loading, useLoaded } from './content.ts';
import { FormatMenu, useFormats } from './format_menu.tsx';
import { JsonView } from './json_view.tsx';
import { presentationOf } from './kinds.ts';
import { ToolName } from '../ui/tool_name.tsx';
import { sizeText, timeText } from '../ui/format.ts';
import { Waiting } from './loading.tsx';
import { DocumentText } from '../documents/document_text.tsx';
import { closeArtifact, openArtifact, openedArtifact, openedPassage } from './opened.ts';
import { deleteArtifacts } from './removal.ts';

export function ArtifactDialog() {
  const handle = openedArtifact.value;
  if (handle === null) return null;
  // A link to a parent is another artifact in the same window.
  return <Opened handle={handle} />;
}

function Opened({ handle }: { handle: string }) {
  const about: Loading<Artifact> = useLoaded(handle, () => aboutArtifact(handle));
  const artifact = about.state === 'loaded' && [about.value.handle, about.value.id].includes(handle) ? about.value : null;
  return (
    <Dialog title={titleOf(artifact, handle)} size="full" onClose={closeArtifact} actions={artifact && <Actions key={handle} artifact={artifact} />}>
      {artifact ? (
        <div class="artifact-whole">
          <div class="artifact-inside" data-kind={presentationOf(artifact)}>
            <Inside key={handle} artifact={artifact} />
          </div>
          <Provenance artifact={artifact} />
        </div>
      ) : (
        <Waiting loading={about} />
      )}
    </Dialog>
  );
}

// People know their documents by the files' names. An id tells nobody anything.
function titleOf(artifact: Artifact | null, handle: string): string {
  if (!artifact) return handle.startsWith('art_') ? 'File' : handle;
  return artifact.kind === 'document' ? artifact.name : artifact.handle;
}

// The file, or what was read of it where a passage is looked for.
function Inside({ artifact }: { artifact: Artifact }) {
  const passage = openedPassage.value;
  const [isText, setText] = useState(passage !== null);
  const file = () => (presentationOf(artifact) === 'file' ? <NoView artifact={artifact} /> : <ArtifactBody artifact={artifact} whole />);
  if (!passage) return file();
  return (
    <>
      <div class="tabs is-small" role="group" aria-label="How it is shown">
        <button type="button" aria-pressed={isText} onClick={() => setText(true)}>
          Passage
        </button>
        <button type="button" aria-pressed={!isText} onClick={() => setText(false)}>
          File
        </button>
      </div>
      {isText ? <DocumentText artifact={artifact} passage={passage} instead={file} /> : file()}
    </>
  );
}

function NoView({ artifact }: { artifact: Artifact }) {
  return (
    <div class="ui-empty">
      <p>Files of the type {artifact.media_type} are not shown here.</p>
      {artifact.media_type === 'application/pdf' && (
        <a class="ui-button" href={`${artifact.url}?inline=true`} target="_blank" rel="noopener">
          Open in a tab of its own
        </a>
      )}
      <a class="ui-button is-main" href={artifact.url} download={artifact.name}>
        Download {artifact.name} ({sizeText(artifact.size)})
      </a>
    </div>
  );
}

function Actions({ artifact }: { artifact: Artifact }) {
  const { formats, look } = useFormats(artifact);
  useEffect(look, []);
  const removeIt = (): void => {
    closeArtifact();
    deleteArtifacts([artifact]);
  };
  return (
    <>
      <FormatMenu artifact={artifact} formats={formats} />
      <CopyButton label="Copy the link" text={() => `${location.origin}/artifacts/${encodeURIComponent(artifact.handle)}`} />
      {mayWrite.value && <IconButton icon="delete" label={`Delete ${artifact.handle}`} onClick={removeIt} />}
    </>
  );
}

function Provenance({ artifact }: { artifact: Artifact }) {
  return (
    <aside class="artifact-facts" aria-label="How it came to be">
      <dl>
        <Entry name="Kind">{artifact.kind}</Entry>
        <Entry name="File">
          {artifact.name}, {sizeText(artifact.size)}, {artifact.media_type}
        </Entry>
        <Entry name="Made at">{timeText(artifact.created_at)}</Entry>
        {artifact.tool && <Entry name="Tool"><ToolName name={artifact.tool} /></Entry>}
        {artifact.plugin && <Entry name="Plugin">{artifact.plugin}</Entry>}
        {artifact.seed && <Entry name="Seed">{artifact.seed}</Entry>}
        {artifact.parents.length > 0 && (
          <Entry name="Made from">
            {artifact.parents.map((parent) => (
              <button type="button" class="artifact-link" key={parent} onClick={() => openArtifact(parent)}>
                {parent}
              </button>
            ))}
          </Entry>
        )}
        {artifact.conversation_id && (
          <Entry name="Conversation">
            <a href={conversationPath(artifact.conversation_id)}>
              Go to it
            </a>
          </Entry>
        )}
        <Entry name="SHA-256">
          <code class="artifact-hash">{artifact.sha256}</code>
        </Entry>
      </dl>
      {mayBeMadeAgain(artifact) && <Reproduce key={artifact.id} artifact={artifact} />}
      {Object.keys(artifact.parameters).length > 0 && <JsonView name="Arguments" value={artifact.parameters} />}
      {Object.keys(artifact.metadata).length > 0 && <JsonView name="Measured" value={artifact.metadata} />}
    </aside>
  );
}

function Entry({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface Reproduction {
  identical: boolean;
  message: string;
}

// The daemon refuses the rest. The table of a study is made by its runs, not by the tool that they run.
function mayBeMadeAgain({ tool: name, kind }: Artifact): boolean {
  if (!name || kind === 'study' || !mayWrite.value) return false;
  const tool = tools.value?.find((one) => one.name === name);
  return tool !== undefined && tool.allowed && tool.plugin.id !== 'assistd' && !tool.effects.destructive;
}

function Reproduce({ artifact }: { artifact: Artifact }) {
  const [running, setRunning] = useState(false);
  const [done, setDone] = useState<Reproduction | null>(null);
  const run = async (): Promise<void> => {
    if (running) return;
    setRunning(true);
    try {
      const result = await post<Reproduction>(`/artifacts/${encodeURIComponent(artifact.handle)}/reproduce`, {});
      setDone(result);
      showToast(withTitles(result.message));
    } catch (error) {
      showError(sentenceOf(error));
    } finally {
      setRunning(false);
    }
  };
  return (
    <div class="artifact-reproduce">
      <button type="button" class="ui-button is-small" aria-disabled={running} onClick={() => void run()}>
        {running ? 'Making it again …' : 'Make it again and compare'}
      </button>
      {done && <p class={done.identical ? 'ui-good' : 'ui-error'}>{withTitles(done.message)}</p>}
    </div>
  );
}
