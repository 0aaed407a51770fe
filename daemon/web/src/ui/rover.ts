// A list of many rows in which Tab comes to one of them: the arrow keys, Home and End lead to the others.

import { useEffect, useState } from 'preact/hooks';

export interface Rover {
  // The row to which Tab comes.
  stop: string | undefined;
  onFocusIn: (event: FocusEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * `attribute` holds the name of a row in its element; `first` is where one begins; `control` is what has the focus in a row.
 * Where several of them stand beside each other, the arrow keys lead in both directions.
 */
export function useRover(rows: string[], attribute: string, first: string | undefined, control = 'a'): Rover {
  const [last, setLast] = useState<string | undefined>();
  useEffect(() => setLast(undefined), [first]);
  const stop = [last, first].find((one) => one !== undefined && rows.includes(one)) ?? rows[0];
  const rowOf = (target: EventTarget | null): Element | null => (target instanceof Element ? target.closest(`[${attribute}]`) : null);
  return {
    stop,
    onFocusIn: ({ target }) => setLast(rowOf(target)?.getAttribute(attribute) ?? undefined),
    onKeyDown: (event) => {
      const row = rowOf(event.target);
      // In a menu or a field of the row the keys are theirs.
      if (!row || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !(event.target as Element).matches(control)) return;
      const all = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>(`[${attribute}]`)];
      const at = all.indexOf(row as HTMLElement);
      const beside = all.filter((one) => one.offsetTop === all[0]?.offsetTop).length;
      const [right, left] = beside > 1 ? [at + 1, at - 1] : [];
      const to = { ArrowDown: at + beside, ArrowUp: at - beside, ArrowRight: right, ArrowLeft: left, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      all[to]?.querySelector<HTMLElement>(control)?.focus();
    },
  };
}
