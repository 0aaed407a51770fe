// Where messages are written: the text, its attachments, the model, and the button that sends or stops.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ArtifactRef } from '../api/types.ts';
import { announce } from '../state/announcements.ts';
import { composerField, restoredDraft, wantedText } from '../state/composer.ts';
import { keepDraft, readDraft } from '../state/drafts.ts';
import { IconButton } from '../ui/buttons.tsx';
import { isComposing } from '../ui/composing.ts';
import { Icon } from '../ui/icon.tsx';
import { AttachmentList } from './attachment_list.tsx';
import { type Attachments, attachmentsOf } from './attachments.ts';
import { useDroppedFiles } from './dropped_files.ts';

export interface ComposerProps {
  // Whose draft it is; null is the next new conversation.
  conversation: string | null;
  isBusy: boolean;
  isStopping: boolean;
  // Resolves to false when the message is to stay in the composer.
  onSend: (text: string, attachments: ArtifactRef[]) => Promise<boolean>;
  onStop: () => void;
  // The arrow key up in an empty composer.
  onEditLast: () => void;
  pickers: ComponentChildren;
  // Why nothing can be said here; null when it can.
  closed?: string | null;
}

export function Composer({ conversation, isBusy, isStopping, onSend, onStop, onEditLast, pickers, closed = null }: ComposerProps) {
  const [text, setText] = useState(() => readDraft(conversation).text);
  const [isSending, setSending] = useState(false);
  // Why the key did nothing: a button that is disabled cannot tell.
  const [refused, setRefused] = useState({ why: '', text: '' });
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const restored = restoredDraft.value;
  const attachments = attachmentsOf(conversation);
  const list = attachments.list.value;
  const isOver = useDroppedFiles(closed === null && ((dropped) => attachments.add(dropped)));

  const change = (value: string): void => {
    setText(value);
    keepDraft(conversation, { text: value });
  };
  useLayoutEffect(() => {
    if (restored > 0) setText(readDraft(conversation).text);
  }, [restored]);
  useLayoutEffect(() => {
    const wanted = wantedText.value;
    if (!wanted) return;
    wantedText.value = null;
    change(wanted.text);
    field.current?.focus();
  }, [wantedText.value]);
  useLayoutEffect(() => {
    composerField(field.current);
    // On a phone the keyboard would cover what one came to read.
    if (matchMedia('(hover: hover)').matches) field.current?.focus({ preventScroll: true });
    return () => composerField(null);
  }, []);
  useLayoutEffect(() => tellHeight(form.current), [closed]);
  useLayoutEffect(() => fitHeight(field.current), [text]);

  const isBlank = text.trim() === '';
  const hasProblem = list.some((one) => one.problem !== null);
  const cannotSend = isBlank || isBusy || isSending || attachments.isUploading() || hasProblem;
  const why = cannotSend && !isSending ? whyNot(isBlank, isBusy, attachments, hasProblem) : '';
  const send = async (): Promise<void> => {
    setRefused({ why, text });
    announce(why);
    if (cannotSend) return;
    const uploaded = attachments.uploaded();
    setSending(true);
    try {
      if (!(await onSend(text, uploaded))) return;
      // What was typed while it was being sent stays.
      if (readDraft(conversation).text === text) change('');
      attachments.takeOff(uploaded);
    } finally {
      setSending(false);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && text === '' && !isComposing(event)) {
      event.preventDefault();
      onEditLast();
    }
  };
  const paste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData?.files;
    // Text copied from office programs comes with a picture of itself.
    if (!pasted?.length || event.clipboardData?.types.includes('text/plain')) return;
    event.preventDefault();
    attachments.add(pasted);
  };

  if (closed) return <p class="composer is-closed">{closed}</p>;
  return (
    <form
      ref={form}
      class={`composer ${isOver ? 'is-over' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <AttachmentList attachments={attachments} />
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label="Message"
        placeholder={isOver ? 'Drop the files here' : 'Ask assistd'}
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onPaste={paste}
      />
      <p class="composer-refused ui-small ui-soft">{refused.text === text && refused.why === why && why}</p>
      <div class="composer-bar">
        <IconButton icon="attach" label="Attach files" onClick={() => files.current?.click()} />
        <input
          ref={files}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            attachments.add(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
          }}
        />
        <div class="pickers">{pickers}</div>
        {isSending && <span class="ui-small ui-soft ui-late">Sending …</span>}
        {isBusy ? (
          <button type="button" class="send is-stop" aria-label="Stop" title="Stop (Esc)" disabled={isStopping} onClick={onStop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" class="send" aria-label="Send" title={whyNot(isBlank, isBusy, attachments, hasProblem)} disabled={cannotSend}>
            <Icon name="arrow_up" />
          </button>
        )}
      </div>
    </form>
  );
}

function whyNot(isBlank: boolean, isBusy: boolean, attachments: Attachments, hasProblem: boolean): string {
  if (isBusy && !isBlank) return 'Wait until the reply has ended, or stop it (Esc)';
  if (hasProblem) return 'Remove the attachment that failed, or try it again';
  if (attachments.isUploading()) return 'Wait until the attachments are uploaded';
  return isBlank ? 'Write a message first' : 'Send (Enter)';
}

// As high as its text, up to what the stylesheet allows.
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

// For what is to stand above it: see styles/ui.css.
function tellHeight(composer: HTMLElement | null): (() => void) | undefined {
  if (!composer) return undefined;
  const page = document.documentElement.style;
  const sizes = new ResizeObserver(() => page.setProperty('--composer-height', `${innerHeight - composer.getBoundingClientRect().top}px`));
  sizes.observe(composer);
  return () => {
    sizes.disconnect();
    page.removeProperty('--composer-height');
  };
}
