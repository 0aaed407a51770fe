// A conversation in the sidebar's list.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Conversation, SearchHit } from '../api/types.ts';
import { running, titleOf } from '../state/conversation_list.ts';
import { conversationPath, messagePath, route } from '../state/route.ts';
import { closeDrawer } from '../state/shell.ts';
import { ConversationMenu, RenameField } from './conversation_menu.tsx';
import { piecesOf } from './excerpt.ts';
import { chosenRow, rowId } from './search.tsx';

interface ConversationRowProps {
  conversation: Conversation;
  isSearch: boolean;
  // Whether Tab comes to it: to one row of the list, from which the arrow keys lead to the others.
  isStop: boolean;
}

export function ConversationRow({ conversation, isSearch, isStop }: ConversationRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const wantsFocus = useRef(false);
  useLayoutEffect(() => {
    if (isRenaming || !wantsFocus.current) return;
    wantsFocus.current = false;
    link.current?.focus();
  }, [isRenaming]);
  const where = route.value;
  const isHere = where.view === 'chat' && where.conversation === conversation.id;
  const isRunning = running.value.has(conversation.id) || Boolean(conversation.running_turn_id);
  const title = titleOf(conversation);
  // Those that are found belong to the field that finds them, as the rows of its grid.
  const Row = isSearch ? 'div' : 'li';
  const cell = isSearch ? 'gridcell' : undefined;
  if (isRenaming)
    return (
      <Row class="side-row" role={isSearch ? 'row' : undefined}>
        <span class="side-row-cell" role={cell}>
          <RenameField
            conversation={conversation}
            onDone={(byKeys) => {
              setRenaming(false);
              wantsFocus.current = byKeys;
            }}
          />
        </span>
      </Row>
    );
  const isChosen = isSearch && chosenRow.value === conversation.id;
  return (
    <Row
      class={`side-row ${isHere ? 'is-here' : ''} ${isChosen ? 'is-chosen' : ''}`}
      id={rowId(conversation.id)}
      role={isSearch ? 'row' : undefined}
      aria-selected={isSearch ? isChosen : undefined}
      data-conversation={conversation.id}
    >
      <span class="side-row-cell" role={cell}>
        <a ref={link} class="side-row-link" tabIndex={isStop ? 0 : -1} href={isSearch && conversation.hit ? messagePath(conversation.id, conversation.hit.message_id) : conversationPath(conversation.id)} aria-current={isHere ? 'page' : undefined} onClick={closeDrawer} title={title}>
          <span class="side-row-title" dir="auto">
            {isRunning && <span class="side-row-dot" aria-hidden="true" />}
            {title}
            {isRunning && <span class="ui-hidden"> (a reply is being made)</span>}
          </span>
          {isSearch && conversation.hit && <HitText hit={conversation.hit} />}
        </a>
      </span>
      <span class="side-row-cell" role={cell}>
        <ConversationMenu conversation={conversation} onRename={() => setRenaming(true)} tabIndex={isStop ? 0 : -1} />
      </span>
    </Row>
  );
}

// Where the search has found its words.
function HitText({ hit }: { hit: SearchHit }) {
  return (
    <span class="side-row-preview" dir="auto">
      {piecesOf(hit).map(({ text, isFound }, at) => (isFound ? <mark key={at}>{text}</mark> : text))}
    </span>
  );
}
