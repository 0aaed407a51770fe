// What can be done with several files at once.

import type { Artifact } from '../api/types.ts';
import { announce } from '../state/announcements.ts';
import { attachmentsOf } from '../chat/attachments.ts';
import { focusComposer } from '../state/composer.ts';
import { pause } from '../state/connection.ts';
import { conversations, titleOf } from '../state/conversation_list.ts';
import { lastChat } from '../state/last_chat.ts';
import { conversationPath, go } from '../state/route.ts';
import { mayWrite } from '../state/session.ts';
import { showToast } from '../state/toasts.ts';
import { IconButton } from '../ui/buttons.tsx';
import { sizeText } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { download } from './formats.ts';
import { deleteArtifacts } from './removal.ts';
import type { Selection } from './selection.ts';

// Browsers drop downloads that come all at once.
const betweenDownloadsMs = 250;

interface SelectedBarProps {
  selection: Selection<Artifact>;
  // Before the conversation is shown to which files are attached.
  onLeave: () => void;
}

export function SelectedBar({ selection, onLeave }: SelectedBarProps) {
  const { items, clear } = selection;
  if (items.length === 0) return null;
  const size = items.reduce((sum, one) => sum + one.size, 0);
  const removeAll = (): void => {
    clear();
    deleteArtifacts(items);
  };
  return (
    <div class="selected-bar" role="group" aria-label="What to do with the selected files">
      <span>
        <b>{items.length.toLocaleString('en')} selected</b> <span class="ui-soft ui-small">{sizeText(size)}</span>
      </span>
      {mayWrite.value && <AttachButton items={items} onLeave={onLeave} />}
      <button type="button" class="ui-button is-small" onClick={() => void downloadAll(items)}>
        <Icon name="download" size={16} />
        Download
      </button>
      {mayWrite.value && (
        <button type="button" class="ui-button is-small is-dangerous" onClick={removeAll}>
          <Icon name="delete" size={16} />
          Delete
        </button>
      )}
      <IconButton small icon="close" label="Select none" onClick={clear} />
    </div>
  );
}

// To the message that is written where one was last.
function AttachButton({ items, onLeave }: { items: Artifact[]; onLeave: () => void }) {
  const chat = lastChat.value;
  const about = conversations.value?.find(({ id }) => id === chat) ?? null;
  const where = chat === null ? 'a new chat' : about ? `“${titleOf(about)}”` : 'the conversation';
  const attach = (): void => {
    onLeave();
    attachmentsOf(chat).putBack(items);
    go(chat === null ? '/' : conversationPath(chat));
    announce(`${items.length === 1 ? `${items[0]?.handle} is` : `${items.length} files are`} attached to the message that you write.`);
    requestAnimationFrame(focusComposer);
  };
  return (
    <button type="button" class="ui-button is-small selected-attach" title={`Attach to ${where}`} onClick={attach}>
      <Icon name="attach" size={16} />
      <span>Attach to {where}</span>
    </button>
  );
}

async function downloadAll(items: Artifact[]): Promise<void> {
  if (items.length > 1) showToast(`Downloading ${items.length} files. The browser may ask whether it may.`);
  for (const [at, artifact] of items.entries()) {
    if (at > 0) await pause(betweenDownloadsMs);
    download(artifact);
  }
}
