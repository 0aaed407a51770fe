// A conversation in the sidebar's list.

import { useState } from 'preact/hooks';
import type { Conversation } from '../api/types.ts';
import { running, titleOf } from '../state/conversation_list.ts';
import { conversationPath, route } from '../state/route.ts';
import { closeDrawer } from '../state/shell.ts';
import { ConversationMenu, RenameField } from './conversation_menu.tsx';

export function ConversationRow({ conversation, isSearch }: { conversation: Conversation; isSearch: boolean }) {
  const [isRenaming, setRenaming] = useState(false);
  const where = route.value;
  const isHere = where.view === 'chat' && where.conversation === conversation.id;
  const isRunning = running.value.has(conversation.id) || Boolean(conversation.running_turn_id);
  const title = titleOf(conversation);
  if (isRenaming)
    return (
      <li class="side-row">
        <RenameField conversation={conversation} onDone={() => setRenaming(false)} />
      </li>
    );
  return (
    <li class={`side-row ${isHere ? 'is-here' : ''}`}>
      <a class="side-row-link" href={conversationPath(conversation.id)} aria-current={isHere ? 'page' : undefined} onClick={closeDrawer} title={title}>
        <span class="side-row-title">
          {isRunning && <span class="side-row-dot" aria-hidden="true" />}
          {title}
          {isRunning && <span class="ui-hidden"> (a reply is being made)</span>}
        </span>
        {isSearch && conversation.last_message_preview && <span class="side-row-preview">{conversation.last_message_preview}</span>}
      </a>
      <ConversationMenu conversation={conversation} onRename={() => setRenaming(true)} />
    </li>
  );
}
