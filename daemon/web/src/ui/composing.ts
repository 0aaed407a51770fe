// Whether a key belongs to an input method, as for Japanese: its Enter takes what is written and sends nothing. Safari tells
// of that Enter after the text was taken, by its code alone.
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

// Whether keys that are pressed there are text.
export function isTyping(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
