// What a person said: the text as it was typed, what came with it, and a way to say it differently.

import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../api/types.ts';
import { restoredDraft } from '../state/composer.ts';
import { keepEdit, readEdits } from '../state/drafts.ts';
import { artifactOf } from '../state/said.ts';
import { CopyButton, IconButton } from '../ui/buttons.tsx';
import { isComposing } from '../ui/composing.ts';
import { FileChips } from './file_chips.tsx';

export interface UserEntryProps {
  message: Message;
  // Which one it is in.
  conversation?: string;
  // Absent while it cannot be edited.
  onEdit?: (text: string) => void;
  isEditing?: boolean;
  setEditing?: (editing: boolean) => void;
}

export function UserEntry({ message, conversation, onEdit, isEditing = false, setEditing }: UserEntryProps) {
  const text = message.content;
  if (isEditing && conversation && setEditing)
    return (
      <Editor
        key={restoredDraft.value}
        message={message}
        conversation={conversation}
        onCancel={() => setEditing(false)}
        onSend={
          onEdit &&
          ((changed) => {
            setEditing(false);
            onEdit(changed);
          })
        }
      />
    );
  return (
    <div class="said" data-message={message.id} tabIndex={-1}>
      <FileChips files={(message.attachments ?? []).map(artifactOf)} />
      <div class="bubble" dir="auto">{text}</div>
      <div class="entry-actions">
        <CopyButton label="Copy the message" text={() => text} />
        {onEdit && setEditing && <IconButton small icon="edit" label="Edit and send again" onClick={() => setEditing(true)} />}
      </div>
    </div>
  );
}

interface EditorProps {
  message: Message;
  conversation: string;
  onCancel: () => void;
  // Absent while something is being answered.
  onSend?: (text: string) => void;
}

function Editor({ message, conversation, onCancel, onSend }: EditorProps) {
  const kept = readEdits(conversation).texts[message.id];
  const [value, setValue] = useState(kept ?? message.content);
  const field = useRef<HTMLTextAreaElement>(null);
  // At once: what is typed from then on stands where it was typed.
  useLayoutEffect(() => {
    // One that was left and has come back must not take the keyboard, nor scroll.
    if (kept !== undefined) return;
    field.current?.focus();
    field.current?.setSelectionRange(value.length, value.length);
  }, []);
  const about = useId();
  const isBlank = value.trim() === '';
  const send = (): void => {
    if (!isBlank) onSend?.(value);
  };
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label="Edit the message"
        aria-describedby={about}
        value={value}
        rows={Math.min(12, value.split('\n').length + 1)}
        onInput={(event) => {
          setValue(event.currentTarget.value);
          keepEdit(conversation, message.id, event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onCancel();
          } else if (event.key === 'Enter' && !event.shiftKey && !isComposing(event)) {
            event.preventDefault();
            send();
          }
        }}
      />
      <p id={about} class="ui-small ui-soft">What was said after this message is taken out of the conversation.</p>
      <div class="editor-actions">
        <button type="button" class="ui-button is-small" onClick={onCancel}>Cancel</button>
        <button type="submit" class="ui-button is-small is-main" disabled={isBlank || !onSend} title={onSend ? undefined : 'Wait until the reply has ended'}>Send</button>
      </div>
    </form>
  );
}
