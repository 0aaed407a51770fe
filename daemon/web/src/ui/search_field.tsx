// A field whose words narrow a list while they are typed.

import { useEffect, useRef, useState } from 'preact/hooks';
import { isComposing } from './composing.ts';
import { Icon } from './icon.tsx';

const settledAfterMs = 200;

export interface SearchFieldProps {
  label: string;
  placeholder: string;
  // What the list is narrowed to.
  words: string;
  onWords: (words: string) => void;
}

export function SearchField({ label, placeholder, words, onWords }: SearchFieldProps) {
  const [text, setText] = useState(words);
  const told = useRef(words);
  // Somebody has gone back: what is typed gives way to it, and not to what it has itself brought about.
  useEffect(() => {
    if (words === told.current) return;
    told.current = words;
    setText(words);
  }, [words]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      onWords(wanted);
    }, settledAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="search-field">
      <span class="ui-small ui-soft">{label}</span>
      <span class="search-field-box">
        <Icon name="search" size={16} />
        <input
          type="search"
          dir="auto"
          class="ui-field"
          placeholder={placeholder}
          value={text}
          maxLength={200}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || text === '' || isComposing(event)) return;
            event.preventDefault(); // it clears the field, and closes nothing around it
            event.stopPropagation();
            setText('');
          }}
        />
      </span>
    </label>
  );
}
