// Parts of the page around the views: the sidebar, the search field in it, the list of shortcuts.

import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 48rem)');
export const isNarrow = signal(narrow.matches);
export const isSideOpen = signal(!narrow.matches);
export const areShortcutsOpen = signal(false);
// Counts up when the search field is to get the focus.
export const searchWanted = signal(0);

export function watchWidth(): void {
  narrow.addEventListener('change', ({ matches }) => {
    isNarrow.value = matches;
    isSideOpen.value = !matches;
  });
}

export function openSearch(): void {
  isSideOpen.value = true;
  searchWanted.value++;
}

// A drawer has done its work once something was chosen in it.
export function closeDrawer(): void {
  if (isNarrow.value) isSideOpen.value = false;
}
