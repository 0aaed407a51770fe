// Parts of the page around the views: the sidebar, the search field in it, the list of shortcuts.

import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 48rem)');
// A phone that lies on its side: the room is for what one reads.
const low = matchMedia('(max-height: 30rem)');
const hasRoom = (): boolean => !narrow.matches && !low.matches;
export const isNarrow = signal(narrow.matches);
export const isSideOpen = signal(hasRoom());
export const areShortcutsOpen = signal(false);
// Counts up when the search field is to get the focus.
export const searchWanted = signal(0);

export function watchWidth(): void {
  const look = (): void => {
    isNarrow.value = narrow.matches;
    isSideOpen.value = hasRoom();
  };
  narrow.addEventListener('change', look);
  low.addEventListener('change', look);
}

export function openSearch(): void {
  isSideOpen.value = true;
  searchWanted.value++;
}

// A drawer has done its work once something was chosen in it.
export function closeDrawer(): void {
  if (isNarrow.value) isSideOpen.value = false;
}
