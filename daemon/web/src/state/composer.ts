// What other parts of the page do to the composer: give it text, put a draft back, set the focus into it.

import { signal } from '@preact/signals';

// Counts up when the draft in the store is to be shown.
export const restoredDraft = signal(0);
export const wantedText = signal<{ text: string } | null>(null);

let field: HTMLTextAreaElement | null = null;

export function composerField(element: HTMLTextAreaElement | null): void {
  field = element;
}

export const isComposer = (element: Element | null): boolean => element !== null && element === field;

export function focusComposer(): void {
  field?.focus();
}

// The text is there to be read and changed before it is sent.
export function fillComposer(text: string): void {
  wantedText.value = { text };
  focusComposer();
}
