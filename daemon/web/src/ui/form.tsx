// A form that asks the daemon for something: once at a time, and what is wrong with it is said below its fields, and with
// the field that it is about.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError, sentenceOf } from '../api/client.ts';
import { unlike } from '../state/announcements.ts';

export interface FormProps {
  /** What the button says, and what it says meanwhile. */
  action: string;
  busy: string;
  submit: (given: FormData) => Promise<void>;
  children: ComponentChildren;
  /** Behind the button. */
  more?: ComponentChildren;
}

/** Something is wrong with a field that the page knows by itself. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, sentence: string) {
    super(sentence);
    this.field = field;
  }
}

interface Wrong {
  sentence: string;
  /** The names of the fields that it is about. */
  fields: string[];
  /** The id of the sentence. */
  id: string;
}

const WrongFields = createContext<Wrong>({ sentence: '', fields: [], id: '' });

/** The id of the sentence that says what is wrong with a field, called by any of these names. */
export function useWrong(...names: string[]): string | undefined {
  const { fields, id } = useContext(WrongFields);
  return names.some((name) => fields.includes(name)) ? id : undefined;
}

function fieldsOf(error: unknown): string[] {
  if (error instanceof FieldError) return [error.field];
  return error instanceof ApiError ? error.details.map(({ field }) => field) : [];
}

export function Form({ action, busy, submit, children, more }: FormProps) {
  const id = useId();
  const [wrong, setWrong] = useState<Wrong>({ sentence: '', fields: [], id });
  const told = useRef('');
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const goToFirst = (): void => {
    const fields = form.current?.querySelectorAll<HTMLElement>('input:not([hidden])') ?? [];
    ([...fields].find((field) => 'first' in field.dataset) ?? fields[0])?.focus();
  };
  useLayoutEffect(goToFirst, []);
  // Once the field is drawn as wrong: it is read as such then.
  useEffect(() => {
    if (!wrong.sentence) return;
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    if (field) field.focus();
    else goToFirst();
  }, [wrong]);

  const tellWrong = (sentence: string, fields: string[]): void => {
    told.current = unlike(told.current, sentence);
    setWrong({ sentence: told.current, fields, id });
  };
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    // The browser's own bubble is not heard by everybody.
    const refused = form.current?.querySelector<HTMLInputElement>('input:invalid');
    if (refused) return tellWrong(`${refused.labels?.[0]?.textContent}: ${refused.validationMessage}`, [refused.name]);
    setBusy(true);
    setWrong({ sentence: '', fields: [], id });
    try {
      await submit(new FormData(form.current!));
    } catch (error) {
      tellWrong(sentenceOf(error), fieldsOf(error));
    }
    setBusy(false);
  };
  return (
    <form ref={form} class="form" noValidate onSubmit={(event) => void send(event)}>
      <WrongFields.Provider value={wrong}>{children}</WrongFields.Provider>
      <p id={id} class="form-problem" role="alert">{wrong.sentence}</p>
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
  // The keyboard begins here and not in the form's first field.
  isFirst?: boolean;
  // So many are seen at once.
  lines?: number;
}

export function Field({ name, label, type = 'text', complete = 'off', value, note, minLength, maxLength, optional = false, isFirst = false, lines = 1 }: FieldProps) {
  const about = useId();
  const wrong = useWrong(name);
  const shared = {
    class: 'ui-field',
    name,
    defaultValue: value,
    minLength,
    maxLength,
    required: !optional,
    'aria-invalid': wrong !== undefined,
    'aria-describedby': [wrong, note && about].filter(Boolean).join(' ') || undefined,
  };
  return (
    <div class="form-label">
      <label>
        {label}
        {lines > 1 ? (
          <textarea {...shared} rows={lines} />
        ) : (
          <input {...shared} data-first={isFirst || undefined} type={type} autocomplete={complete} autocapitalize="none" spellcheck={false} />
        )}
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
