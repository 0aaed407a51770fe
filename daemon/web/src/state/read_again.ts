// A list's first page that is read again, while what was shown of the list stays where it is.

interface Named {
  id?: string;
}

/** The page, and behind it what was shown behind its last item, in whichever order that was. */
export function readAgain<T>(shown: T[], page: T[], hasMore: boolean): T[] {
  if (!hasMore) return page;
  const idOf = (item: T | undefined): string | undefined => (item as Named | undefined)?.id;
  const last = idOf(page.at(-1));
  const place = last === undefined ? -1 : shown.findIndex((item) => idOf(item) === last);
  if (place < 0) return page;
  const read = new Set(page.map(idOf));
  return [...page, ...shown.slice(place + 1).filter((item) => !read.has(idOf(item)))];
}
