// A form that asks the daemon for something: once at a time, and what is wrong with it is said below its fields.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';

export interface FormProps {
  /** What the button says, and what it says meanwhile. */
  action: string;
  busy: string;
  submit: (given: FormData) => Promise<void>;
  children: ComponentChildren;
  /** Behind the button. */
  more?: ComponentChildren;
}

export function Form({ action, busy, submit, children, more }: FormProps) {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const goToFirst = (): void => form.current?.querySelector<HTMLElement>('input:not([hidden])')?.focus();
  useEffect(goToFirst, []);

  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await submit(new FormData(form.current!));
    } catch (error) {
      setProblem(sentenceOf(error));
      goToFirst();
    }
    setBusy(false);
  };
  return (
    <form ref={form} class="form" onSubmit={(event) => void send(event)}>
      {children}
      <p class="form-problem" role="alert">{problem}</p>
      <button type="submit" class="ui-button is-main" disabled={isBusy}>
        {isBusy ? busy : action}
      </button>
      {more}
    </form>
  );
}

export interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'password';
  complete?: string;
  value?: string;
  note?: string;
  minLength?: number;
  maxLength?: number;
  optional?: boolean;
}

export function Field({ name, label, type = 'text', complete = 'off', value, note, minLength, maxLength, optional = false }: FieldProps) {
  const about = useId();
  return (
    <div class="form-label">
      <label>
        {label}
        <input class="ui-field" name={name} type={type} autocomplete={complete} autocapitalize="none" spellcheck={false} defaultValue={value} minLength={minLength} maxLength={maxLength} required={!optional} aria-describedby={note && about} />
      </label>
      {note && <span id={about} class="ui-soft">{note}</span>}
    </div>
  );
}

export function Tick({ name, label, value, isOn = false }: { name: string; label: string; value?: string; isOn?: boolean }) {
  return (
    <label class="form-tick">
      <input type="checkbox" name={name} value={value} defaultChecked={isOn} />
      {label}
    </label>
  );
}
