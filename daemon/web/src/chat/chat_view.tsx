// A conversation, or the beginning of one.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import { changeConversation } from '../api/conversations.ts';
import type { ArtifactRef, Conversation } from '../api/types.ts';
import { loadChoices } from '../state/choices.ts';
import { focusComposer, isComposer, restoredDraft } from '../state/composer.ts';
import { reconnections } from '../state/connection.ts';
import { conversationChanged, conversations, deleted, titleOf } from '../state/conversation_list.ts';
import { endEdit, openEdit, readEdits } from '../state/drafts.ts';
import { type OpenConversation, openConversation } from '../state/open_conversation.ts';
import { conversationPath, go, route, visits } from '../state/route.ts';
import { isNarrow, isSideOpen } from '../state/shell.ts';
import { mayWrite, readsOnly } from '../state/session.ts';
import { showError } from '../state/toasts.ts';
import { loadTools, tools } from '../state/tools.ts';
import { ConversationHeader } from '../shell/conversation_header.tsx';
import { isTyping } from '../ui/composing.ts';
import { ProjectPicker } from '../projects/project_picker.tsx';
import { Composer } from './composer.tsx';
import './chat.css';
import './composer.css';
import './calls.css';
import { sayFirst } from './first_message.ts';
import { Deleted, Gone } from './gone.tsx';
import { MessageList } from './message_list.tsx';
import { chooseModel, ModelPicker } from './model_picker.tsx';
import { makeRoom } from './taken_back.ts';
import { announceTurns } from './turn_announcer.ts';
import { Welcome } from './welcome.tsx';

export function ChatView({ id }: { id: string | null }) {
  const again = reconnections.value;
  useEffect(() => {
    void loadChoices();
    if (again > 0 || !tools.value) void loadTools();
  }, [again]);
  return (
    <div class="chat">
      {id === null ? <NewChat /> : <OneChat id={id} />}
    </div>
  );
}

function OneChat({ id }: { id: string }) {
  const conversation = openConversation(id);
  if (deleted.value.has(id)) return <Deleted />;
  return conversation.isGone.value ? <Gone key={id} conversation={conversation} /> : <Chat key={id} conversation={conversation} />;
}

function NewChat() {
  useEffect(() => {
    document.title = 'assistd';
  }, []);
  const pickers = (
    <>
      <ModelPicker about={null} onModel={chooseModel} />
      <ProjectPicker />
    </>
  );
  return (
    <>
      <ConversationHeader about={null} />
      <div class="messages-frame">
        <div class="messages">
          <Welcome />
        </div>
      </div>
      <Composer conversation={null} isBusy={false} isStopping={false} onSend={sayFirst} onStop={() => undefined} onEditLast={() => undefined} closed={whyClosed(null)} pickers={pickers} />
    </>
  );
}

function Chat({ conversation }: { conversation: OpenConversation }) {
  const [editing, setEditing] = useState(() => readEdits(conversation.id).open);
  const restored = restoredDraft.value;
  useLayoutEffect(() => setEditing(readEdits(conversation.id).open), [restored]);
  const again = reconnections.value;
  const wanted = wantedMessage(conversation.id);
  // Asked for before the browser paints: the daemon answers meanwhile.
  useLayoutEffect(() => {
    // One that was just begun is being sent to: there is nothing to load.
    if (!wanted && !conversation.isBusy.value) void conversation.load();
  }, [conversation, again]);
  useLayoutEffect(() => announceTurns(conversation), [conversation]);
  const found = useFound(conversation, wanted);
  useReloadOnReturn(conversation);
  useReloadOnNews(conversation);
  // Until it is here, the list knows what it is called.
  const about = conversation.about.value ?? conversations.value?.find((one) => one.id === conversation.id) ?? null;
  useEffect(() => {
    document.title = about ? `${titleOf(about)} · assistd` : 'assistd';
  }, [about?.title]);

  const stop = (): void => {
    conversation.stop().catch((error: unknown) => showError(sentenceOf(error)));
  };
  useEscapeStops(conversation, stop);
  const edit = (message: string | null): void => {
    if (message) openEdit(conversation.id, message);
    else endEdit(conversation.id);
    setEditing(message);
    if (!message) focusComposer();
  };
  const editLast = (): void => {
    const last = conversation.entries.value.findLast((entry) => entry.kind === 'user');
    if (last && !conversation.isBusy.value && mayWrite.value) edit(last.key);
  };
  const send = async (text: string, attachments: ArtifactRef[]): Promise<boolean> => {
    makeRoom(conversation);
    void conversation.send(text, attachments);
    // One is no longer where a search has led to.
    if (wanted) go(conversationPath(conversation.id), { replace: true });
    return true;
  };
  const pickModel = async (model: string): Promise<void> => {
    try {
      const changed = await changeConversation(conversation.id, { model });
      conversation.about.value = changed;
      conversationChanged(changed);
    } catch (error) {
      showError(sentenceOf(error));
    }
  };
  const problem = conversation.loadError.value;
  const isLoaded = conversation.messages.value !== null;
  return (
    <>
      <ConversationHeader about={about} />
      {isLoaded || conversation.live.value ? (
        <MessageList
          conversation={conversation}
          editing={editing}
          setEditing={edit}
          found={found}
        />
      ) : (
        <div class="messages-frame">{problem ? <NotLoaded {...problem} conversation={conversation} /> : <p class="ui-empty ui-late">Loading …</p>}</div>
      )}
      {(isLoaded || !problem) && (
        <Composer
          conversation={conversation.id}
          isBusy={conversation.isBusy.value}
          isStopping={conversation.isStopping.value}
          onSend={send}
          onStop={stop}
          onEditLast={editLast}
          closed={whyClosed(about)}
          pickers={<ModelPicker about={about} onModel={(model) => void pickModel(model)} />}
        />
      )}
    </>
  );
}

function wantedMessage(conversation: string): string | null {
  const where = route.value;
  return where.view === 'chat' && where.conversation === conversation ? (where.message ?? null) : null;
}

// The message that the address names, once it is here; anew whenever one goes there.
function useFound(conversation: OpenConversation, wanted: string | null): { message: string } | null {
  const [found, setFound] = useState<{ message: string } | null>(null);
  const visit = visits.value;
  useEffect(() => {
    let isWanted = true;
    setFound(null);
    if (wanted)
      conversation.lookFor(wanted).then(
        (isHere) => {
          if (!isWanted) return;
          if (isHere) setFound({ message: wanted });
          else showError('The message that was found is no longer part of this conversation.');
        },
        (error: unknown) => isWanted && showError(sentenceOf(error)),
      );
    return () => {
      isWanted = false;
    };
  }, [conversation, wanted, visit]);
  return found;
}

function whyClosed(about: Conversation | null): string | null {
  if (!mayWrite.value) return readsOnly;
  if (!about?.state || about.state === 'open') return null;
  const what = about.state === 'locked' ? 'This conversation is locked' : 'This conversation is closed';
  const reason = about.state_reason?.trim();
  return reason ? `${what}: ${/[.!?…]$/.test(reason) ? reason : `${reason}.`}` : `${what}: nothing can be added to it.`;
}

function NotLoaded({ sentence, mayRetry, conversation }: { sentence: string; mayRetry: boolean; conversation: OpenConversation }) {
  return (
    <div class="ui-empty">
      <p>{sentence}</p>
      <p>
        {mayRetry && (
          <button type="button" class="ui-button" onClick={() => void conversation.load()}>
            Try again
          </button>
        )}{' '}
        <a class="ui-button" href="/">
          New chat
        </a>
      </p>
    </div>
  );
}

// Other doors, other tabs and jobs may have added something meanwhile.
function useReloadOnReturn(conversation: OpenConversation): void {
  useEffect(() => {
    const reload = (): void => {
      if (document.visibilityState === 'visible' && !conversation.isBusy.value) void conversation.load();
    };
    document.addEventListener('visibilitychange', reload);
    return () => document.removeEventListener('visibilitychange', reload);
  }, [conversation]);
}

// The list in the sidebar is asked for again and again; it tells when another window or door says something here.
function useReloadOnNews(conversation: OpenConversation): void {
  const listed = conversations.value?.find((one) => one.id === conversation.id);
  const wasListed = useRef(false);
  useEffect(() => {
    const about = conversation.about.value;
    const hasGone = wasListed.current && !listed;
    wasListed.current = listed !== undefined;
    if (!about || conversation.isBusy.value) return;
    // Out of what the list shows, or deleted.
    if (hasGone) void conversation.load();
    if (!listed) return;
    if (listed.updated_at !== about.updated_at || listed.running_turn_id !== about.running_turn_id) void conversation.load();
  }, [listed]);
}

function useEscapeStops(conversation: OpenConversation, stop: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || !conversation.isBusy.value) return;
      // Escape closes what is open first.
      if (document.querySelector('dialog[open], [role=menu]') || (isNarrow.value && isSideOpen.value)) return;
      // In another field it is about that field, which is left.
      const where = document.activeElement;
      if (isTyping(where) && !isComposer(where)) where.blur();
      else stop();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [conversation]);
}
