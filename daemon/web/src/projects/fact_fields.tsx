// The fields for what is known of a project: a row for each fact, more as they are asked for.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../ui/buttons.tsx';
import { useWrong } from '../ui/form.tsx';
import { blankFact, nameField, type TypedFact, valueField } from './facts.ts';

export function FactFields({ facts, setFacts }: { facts: TypedFact[]; setFacts: (facts: TypedFact[]) => void }) {
  const set = useRef<HTMLFieldSetElement>(null);
  // Where the keyboard goes on when a row has come or gone.
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const rows = set.current?.querySelectorAll<HTMLElement>('.fact input:first-child');
    (rows?.[wanted.current] ?? set.current?.querySelector<HTMLElement>('.fact-add'))?.focus();
    wanted.current = null;
  }, [facts.length]);
  const add = (): void => {
    wanted.current = facts.length;
    setFacts([...facts, blankFact()]);
  };
  const takeAway = (at: number): void => {
    wanted.current = at;
    setFacts(facts.toSpliced(at, 1));
  };
  return (
    <fieldset class="form-set facts" ref={set}>
      <legend>Facts that models are told</legend>
      {facts.map((fact, at) => (
        <FactRow key={fact.key} fact={fact} number={at + 1} onChange={(changed) => setFacts(facts.with(at, changed))} onRemove={() => takeAway(at)} />
      ))}
      <button type="button" class="ui-button is-small fact-add" onClick={add}>
        Add a fact
      </button>
    </fieldset>
  );
}

interface FactRowProps {
  fact: TypedFact;
  number: number;
  onChange: (fact: TypedFact) => void;
  onRemove: () => void;
}

function FactRow({ fact, number, onChange, onRemove }: FactRowProps) {
  const wrongName = useWrong(nameField(fact), `facts.${fact.name.trim()}`);
  const wrongValue = useWrong(valueField(fact));
  return (
    <div class="fact">
      <input
        class="ui-field"
        aria-label={`Fact ${number}: its name`}
        placeholder="temperature_K"
        value={fact.name}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={wrongName !== undefined}
        aria-describedby={wrongName}
        onInput={(event) => onChange({ ...fact, name: event.currentTarget.value })}
      />
      <input
        class="ui-field"
        aria-label={`Fact ${number}: its value`}
        placeholder="300"
        value={fact.value}
        autocomplete="off"
        aria-invalid={wrongValue !== undefined}
        aria-describedby={wrongValue}
        onInput={(event) => onChange({ ...fact, value: event.currentTarget.value })}
      />
      <IconButton icon="close" label={`Take away fact ${number}${fact.name && `, ${fact.name}`}`} onClick={onRemove} />
    </div>
  );
}
