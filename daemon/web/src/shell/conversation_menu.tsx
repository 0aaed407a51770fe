// What can be done with a conversation: rename, archive, download, delete.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import type { Conversation } from '../api/types.ts';
import { archive, deleteWithUndo, rename, titleOf } from '../state/conversation_list.ts';
import { type ExportFormat, exportConversation } from '../state/conversation_file.ts';
import { openConversation } from '../state/open_conversation.ts';
import { conversationPath, go, route } from '../state/route.ts';
import { mayWrite } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';

export function ConversationMenu({ conversation, onRename, tabIndex }: { conversation: Conversation; onRename: () => void; tabIndex?: number }) {
  const title = titleOf(conversation);
  if (!mayWrite.value) return null;
  const change = async (archived: boolean): Promise<void> => {
    focusBeside(conversation.id);
    await archive(conversation, archived);
    await openConversation(conversation.id).load();
  };
  const remove = (): void => {
    const where = route.value;
    const isShown = where.view === 'chat' && where.conversation === conversation.id;
    focusBeside(conversation.id);
    deleteWithUndo(conversation, () => isShown && go(conversationPath(conversation.id)));
    if (isShown) go('/');
  };
  const download = (format: ExportFormat): void => {
    exportConversation(conversation.id, format).catch((problem: unknown) => showError(sentenceOf(problem)));
  };
  return (
    <Menu
      label={`What to do with “${title}”`}
      tabIndex={tabIndex}
      items={[
        { label: 'Rename', icon: 'edit', run: onRename },
        conversation.is_archived
          ? { label: 'Take out of the archive', icon: 'restore', run: () => void change(false) }
          : { label: 'Archive', icon: 'archive', run: () => void change(true) },
        { label: 'Download as Markdown', icon: 'download', run: () => download('markdown') },
        { label: 'Download as JSON', icon: 'download', run: () => download('json') },
        { label: 'Delete', icon: 'delete', dangerous: true, run: remove },
      ]}
    >
      <Icon name="more" />
    </Menu>
  );
}

// Its row is about to go: the keyboard goes on in the next one, or where a new one is begun.
function focusBeside(id: string): void {
  const row = document.querySelector(`.side-row [href^="${CSS.escape(conversationPath(id))}"]`)?.closest('.side-row');
  if (!row?.contains(document.activeElement)) return;
  const rows = [...document.querySelectorAll<HTMLElement>('.side-row')];
  const at = rows.indexOf(row as HTMLElement);
  const next = (rows[at + 1] ?? rows[at - 1])?.querySelector<HTMLElement>('a') ?? document.querySelector<HTMLElement>('.side-new');
  next?.focus();
}

// `byKeys`: the keyboard was here, and has to go on somewhere.
export function RenameField({ conversation, onDone }: { conversation: Conversation; onDone: (byKeys: boolean) => void }) {
  // A title that the daemon finds meanwhile does not come between the letters.
  const [before] = useState(conversation.title ?? '');
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  // At once: between a menu that goes and a field that comes, keys would go nowhere.
  useLayoutEffect(() => {
    field.current?.focus(); // not all browsers do with what they select
    field.current?.select();
  }, []);
  const finish = (keep: boolean, byKeys: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    const title = field.current?.value.trim() ?? '';
    if (keep && title !== before)
      void rename(conversation, title).then((changed) => {
        const open = openConversation(conversation.id);
        if (changed && open.about.value) open.about.value = changed;
      });
    onDone(byKeys);
  };
  return (
    <input
      ref={field}
      class="ui-field rename"
      dir="auto"
      aria-label="Title"
      placeholder="Its first message"
      defaultValue={before}
      maxLength={200}
      onBlur={() => finish(true, false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !isComposing(event)) {
          event.preventDefault(); // else it types into what gets the focus
          finish(true, true);
        } else if (event.key === 'Escape' && !isComposing(event)) {
          event.preventDefault();
          event.stopPropagation();
          finish(false, true);
        }
      }}
    />
  );
}
