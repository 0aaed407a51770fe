// Above a conversation: its title, and what can be done with it.

import { useState } from 'preact/hooks';
import type { Conversation } from '../api/types.ts';
import { ArtifactsOf } from '../artifacts/artifacts_panel.tsx';
import { focusComposer } from '../state/composer.ts';
import { titleOf } from '../state/conversation_list.ts';
import { isSideOpen } from '../state/shell.ts';
import { IconButton } from '../ui/buttons.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { ConversationMenu, RenameField } from './conversation_menu.tsx';

// What the sidebar would offer.
export function SidebarButtons() {
  return (
    <>
      <IconButton icon="menu" label="Open the sidebar" onClick={() => (isSideOpen.value = true)} />
      <a class="ui-icon-button" href="/" aria-label="New chat" title="New chat">
        <Icon name="add" />
      </a>
    </>
  );
}

export function ConversationHeader({ about }: { about: Conversation | null }) {
  const [isRenaming, setRenaming] = useState(false);
  const [isShowingFiles, setShowingFiles] = useState(false);
  return (
    <header class="head">
      {!isSideOpen.value && <SidebarButtons />}
      {about && isRenaming ? (
        <RenameField
          conversation={about}
          onDone={(byKeys) => {
            setRenaming(false);
            if (byKeys) focusComposer();
          }}
        />
      ) : (
        about && <h1 class="head-title" dir="auto">{titleOf(about)}</h1>
      )}
      {about?.is_archived && <span class="ui-badge">Archived</span>}
      {about && <IconButton icon="folder" label="Files of this conversation" onClick={() => setShowingFiles(true)} />}
      {about && isShowingFiles && (
        <Dialog title="Files of this conversation" size="large" onClose={() => setShowingFiles(false)}>
          <ArtifactsOf conversation={about.id} onLeave={() => setShowingFiles(false)} />
        </Dialog>
      )}
      {about && <ConversationMenu conversation={about} onRename={() => setRenaming(true)} />}
    </header>
  );
}
