// What a person said: the text as it was typed, what came with it, and a way to say it differently.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Attachment, Message } from '../api/types.ts';
import { ArtifactView } from '../artifacts/artifact_view.tsx';
import { artifactOf } from '../state/said.ts';
import { CopyButton, IconButton } from '../ui/buttons.tsx';

export interface UserEntryProps {
  message: Message;
  // Absent while it cannot be edited.
  onEdit?: (text: string) => void;
  isEditing?: boolean;
  setEditing?: (editing: boolean) => void;
}

export function UserEntry({ message, onEdit, isEditing = false, setEditing }: UserEntryProps) {
  const text = message.content;
  if (isEditing && onEdit && setEditing)
    return (
      <Editor
        text={text}
        onCancel={() => setEditing(false)}
        onSend={(changed) => {
          setEditing(false);
          onEdit(changed);
        }}
      />
    );
  return (
    <div class="said">
      <Attachments attachments={message.attachments ?? []} />
      <div class="bubble">{text}</div>
      <div class="entry-actions">
        <CopyButton label="Copy the message" text={() => text} />
        {onEdit && setEditing && <IconButton small icon="edit" label="Edit and send again" onClick={() => setEditing(true)} />}
      </div>
    </div>
  );
}

function Editor({ text, onCancel, onSend }: { text: string; onCancel: () => void; onSend: (text: string) => void }) {
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);
  const isBlank = value.trim() === '';
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBlank) onSend(value);
      }}
    >
      <textarea
        ref={field}
        aria-label="Edit the message"
        value={value}
        rows={Math.min(12, value.split('\n').length + 1)}
        onInput={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onCancel();
          } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            if (!isBlank) onSend(value);
          }
        }}
      />
      <p class="ui-small ui-soft">What was said after this message is taken out of the conversation.</p>
      <div class="editor-actions">
        <button type="button" class="ui-button is-small" onClick={onCancel}>Cancel</button>
        <button type="submit" class="ui-button is-small is-main" disabled={isBlank}>Send</button>
      </div>
    </form>
  );
}

function Attachments({ attachments }: { attachments: Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <div class="said-attachments">
      {attachments.map((one) => (
        <ArtifactView key={one.artifact} artifact={artifactOf(one)} />
      ))}
    </div>
  );
}
