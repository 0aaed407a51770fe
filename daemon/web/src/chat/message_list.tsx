// The messages of a conversation, the newest at the bottom. The turn that goes on is drawn by itself: its pieces of text
// do not touch what stands above.

import type { RefObject } from 'preact';
import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../api/types.ts';
import { filter } from '../state/conversation_list.ts';
import { artifactOf } from '../state/said.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import { sentenceOf } from '../api/client.ts';
import { conversationPath, go } from '../state/route.ts';
import { mayWrite } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { withTitles } from '../state/tools.ts';
import { Icon } from '../ui/icon.tsx';
import { Chunks } from './chunks.tsx';
import type { Entry, TurnEntry as TurnEntryData } from './entries.ts';
import { Connection, NotSentEntry, SaidEntry } from './live_entry.tsx';
import { markWords } from './found_words.ts';
import { useNewestFirst } from './newest_first.ts';
import { useScrolling } from './scrolling.ts';
import { makeRoom } from './taken_back.ts';
import { TurnEntry } from './turn_entry.tsx';
import { isRunning } from './turn_view.ts';
import { UserEntry } from './user_entry.tsx';

export interface MessageListProps {
  conversation: OpenConversation;
  // The message that is being edited.
  editing: string | null;
  setEditing: (message: string | null) => void;
  // The message that a search has led to, which is here; anew each time it does.
  found: { message: string } | null;
}

export function MessageList({ conversation, editing, setEditing, found }: MessageListProps) {
  const all = conversation.entries.value;
  const hasLater = conversation.hasLater.value;
  // Whoever comes back to a place, or to what was found, is not at the end.
  const entries = useNewestFirst(all, conversation.place !== null || found !== null || hasLater);
  const newest = hasLater ? null : `${entries.at(-1)?.key} ${conversation.liveKey.value}`;
  const { scroller, content, isAtEnd, hasNews, toEnd, toElement } = useScrolling(conversation, entries[0]?.key, newest, !hasLater);
  useLayoutEffect(() => {
    const element = found && scroller.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(found.message)}"]`);
    if (!element) return;
    element.classList.add('is-found');
    toElement(element);
    element.focus({ preventScroll: true });
    const unmark = markWords(element, filter.value.q);
    return () => {
      element.classList.remove('is-found');
      unmark();
    };
  }, [found]);
  const backToEnd = (): void => {
    void conversation.toNewest().then(toEnd);
    go(conversationPath(conversation.id), { replace: true });
  };
  const sent = conversation.live.value?.said ? conversation.live.value.key : null;
  // What one has just said is looked at.
  useEffect(() => {
    if (sent) toEnd();
  }, [sent]);
  return (
    <div class="messages-frame">
      <div class="messages" ref={scroller} tabIndex={0} role="region" aria-label="Messages">
        <div class="column" ref={content}>
          {entries.length === all.length && <Earlier conversation={conversation} scroller={scroller} />}
          <Entries conversation={conversation} entries={entries} editing={editing} setEditing={setEditing} scroller={scroller} />
          {hasLater ? <Later conversation={conversation} scroller={scroller} /> : <NotSentEntry conversation={conversation} />}
        </div>
      </div>
      {(!isAtEnd || hasLater) && (
        <button type="button" class={`to-end ${hasNews ? 'has-news' : ''}`} onClick={hasLater ? backToEnd : toEnd} aria-label={hasNews ? 'New messages' : 'To the newest message'}>
          <Icon name="arrow_down" size={16} />
          {hasNews && <span>New messages</span>}
        </button>
      )}
    </div>
  );
}

const said = 'said';

// The turn that goes on stands in the list under its key, so that it stays where it is when it becomes an entry.
function Entries({ conversation, entries, editing, setEditing, scroller }: EntriesProps) {
  const isBusy = conversation.isBusy.value;
  const hasLater = conversation.hasLater.value;
  const live = hasLater ? null : conversation.liveKey.value;
  const lastUser = entries.findLastIndex((entry) => entry.kind === 'user');
  const lastTurn = entries.findLastIndex((entry) => entry.kind === 'turn');
  const answered = !isBusy && !hasLater && !live && lastTurn > lastUser ? entries[lastTurn] : null;
  const items: Item[] = [...entries];
  if (conversation.said.value && !hasLater) items.push(said);
  if (live) items.push(live);
  const draw = (item: Item) =>
    item === said ? (
      <SaidEntry key={said} conversation={conversation} />
    ) : (
      <ShownEntry
        key={keyOf(item)}
        entry={item}
        conversation={conversation}
        canRegenerate={mayWrite.value && (item === answered || (typeof item === 'string' && !isBusy))}
        canEdit={mayWrite.value && !isBusy}
        isEditing={editing === keyOf(item)}
        setEditing={setEditing}
      />
    );
  return <Chunks items={items} keyOf={keyOf} scroller={scroller} draw={draw} version={`${isBusy} ${editing} ${live} ${answered?.key} ${mayWrite.value}`} />;
}

type Item = Entry | string;
const keyOf = (item: Item): string => (typeof item === 'string' ? item : item.key);

interface EntriesProps extends Omit<MessageListProps, 'found'> {
  entries: Entry[];
  scroller: RefObject<HTMLDivElement>;
}

interface ShownEntryProps {
  // A text is the key of the turn that goes on: it becomes an entry in its place when it has ended.
  entry: Entry | string;
  conversation: OpenConversation;
  canRegenerate: boolean;
  canEdit: boolean;
  isEditing: boolean;
  setEditing: (message: string | null) => void;
}

const ShownEntry = memo(function ShownEntry({ entry, conversation, canRegenerate, canEdit, isEditing, setEditing }: ShownEntryProps) {
  if (typeof entry === 'string' || entry.kind === 'turn')
    return <ShownTurn entry={entry} conversation={conversation} canRegenerate={canRegenerate} />;
  if (entry.kind === 'notice')
    return (
      <article class="entry is-notice" data-entry={entry.key} aria-label="Notice">
        {withTitles(entry.message.content)}
      </article>
    );
  return (
    <article class="entry is-user" data-entry={entry.key} aria-label="You">
      <h2 class="ui-hidden">You said</h2>
      <UserEntry
        message={entry.message}
        conversation={conversation.id}
        isEditing={isEditing}
        setEditing={(editing) => setEditing(editing ? entry.key : null)}
        onEdit={canEdit ? (text) => say(conversation, entry.message, text) : undefined}
      />
    </article>
  );
});

// Differently than before.
function say(conversation: OpenConversation, before: Message, text: string): void {
  makeRoom(conversation, before.id);
  void conversation.send(text, (before.attachments ?? []).map(artifactOf), before.id);
}

function ShownTurn({ entry, conversation, canRegenerate }: { entry: TurnEntryData | string; conversation: OpenConversation; canRegenerate: boolean }) {
  const live = typeof entry === 'string' ? conversation.live.value : null;
  const view = typeof entry === 'string' ? live?.view : entry.view;
  if (!view) return null;
  return (
    <article class={`entry is-turn ${live ? 'is-live' : ''}`} data-entry={typeof entry === 'string' ? undefined : entry.key} aria-label="assistd" aria-busy={isRunning(view)}>
      <h2 class="ui-hidden">assistd answered</h2>
      <TurnEntry
        view={view}
        conversation={conversation.id}
        replies={typeof entry === 'string' ? 1 : (entry.asked?.replies ?? 1)}
        onRegenerate={canRegenerate ? () => void regenerate(conversation) : undefined}
      >
        {live && <Connection conversation={conversation} live={live} />}
      </TurnEntry>
    </article>
  );
}

export async function regenerate(conversation: OpenConversation): Promise<void> {
  const refused = await conversation.regenerate();
  if (refused) showError(sentenceOf(refused));
}

interface EdgeProps {
  conversation: OpenConversation;
  scroller: RefObject<HTMLDivElement>;
}

// What is above is loaded as the reader comes near it, and below what a search has led to what is below.
function Earlier({ conversation, scroller }: EdgeProps) {
  if (!conversation.hasEarlier.value) return null;
  const first = conversation.messages.value?.[0]?.id;
  return <Edge key="earlier" at={first} what="earlier" margin="1200px 0px 0px 0px" load={() => conversation.loadEarlier()} scroller={scroller} />;
}

function Later({ conversation, scroller }: EdgeProps) {
  const last = conversation.messages.value?.at(-1)?.id;
  return <Edge key="later" at={last} what="later" margin="0px 0px 1200px 0px" load={() => conversation.loadLater()} scroller={scroller} />;
}

interface LoadingEdgeProps {
  // The message beside which it is: with another one it loads again.
  at: string | undefined;
  what: string;
  margin: string;
  load: () => Promise<void>;
  scroller: RefObject<HTMLDivElement>;
}

function Edge({ at, what, margin, load, scroller }: LoadingEdgeProps) {
  const edge = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const begin = (): void => {
    setProblem(null);
    load().catch((error: unknown) => setProblem(sentenceOf(error)));
  };
  useEffect(() => {
    if (!edge.current) return;
    const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && begin(), { root: scroller.current, rootMargin: margin });
    near.observe(edge.current);
    return () => near.disconnect();
  }, [at]);
  return (
    <div class="earlier" ref={edge}>
      {problem ? (
        <>
          <span class="ui-error">{problem}</span>
          <button type="button" class="ui-button is-small" onClick={begin}>Try again</button>
        </>
      ) : (
        <span class="ui-soft">Loading {what} messages …</span>
      )}
    </div>
  );
}
