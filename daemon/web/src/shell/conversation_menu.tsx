// What can be done with a conversation: rename, archive, delete.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../api/types.ts';
import { archive, deleteWithUndo, rename, titleOf } from '../state/conversation_list.ts';
import { openConversation } from '../state/open_conversation.ts';
import { conversationPath, go, route } from '../state/route.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';

export function ConversationMenu({ conversation, onRename }: { conversation: Conversation; onRename: () => void }) {
  const title = titleOf(conversation);
  const change = async (archived: boolean): Promise<void> => {
    await archive(conversation, archived);
    await openConversation(conversation.id).load();
  };
  const remove = (): void => {
    const where = route.value;
    const isShown = where.view === 'chat' && where.conversation === conversation.id;
    deleteWithUndo(conversation, () => isShown && go(conversationPath(conversation.id)));
    if (isShown) go('/');
  };
  return (
    <Menu
      label={`What to do with “${title}”`}
      items={[
        { label: 'Rename', icon: 'edit', run: onRename },
        conversation.is_archived
          ? { label: 'Take out of the archive', icon: 'restore', run: () => void change(false) }
          : { label: 'Archive', icon: 'archive', run: () => void change(true) },
        { label: 'Delete', icon: 'delete', dangerous: true, run: remove },
      ]}
    >
      <Icon name="more" />
    </Menu>
  );
}

export function RenameField({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const [title, setTitle] = useState(conversation.title ?? '');
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (keep: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    if (keep && title.trim() !== (conversation.title ?? ''))
      void rename(conversation, title).then((changed) => {
        const open = openConversation(conversation.id);
        if (changed && open.about.value) open.about.value = changed;
      });
    onDone();
  };
  return (
    <input
      ref={field}
      class="ui-field rename"
      aria-label="Title"
      placeholder="Its first message"
      value={title}
      maxLength={200}
      onInput={(event) => setTitle(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true);
        else if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          finish(false);
        }
      }}
    />
  );
}
