// Where a passage stands in the text that was read of a document.

export interface PassagePlace {
  text: string;
  // In the whole text, in code points; unknown for a passage that somebody else has found.
  start: number;
  end: number;
  page: number | null;
  // What was looked for, when a search has found it.
  query?: string;
}

// The passage's place in `text`, in UTF-16 units as texts are cut; null when it is not there.
export function placeIn(text: string, passage: Pick<PassagePlace, 'text' | 'start' | 'end'>): { start: number; end: number } | null {
  const start = unitsOf(text, passage.start);
  const end = unitsOf(text, passage.end);
  const wanted = passage.text.trim();
  if (start !== null && end !== null && text.slice(start, end).includes(wanted)) return { start, end };
  const found = wanted ? text.indexOf(wanted) : -1;
  return found < 0 ? null : { start: found, end: found + wanted.length };
}

export function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; ++at) if (!isSecondHalf(text.charCodeAt(at))) ++count;
  return count;
}

// Null behind the text's end.
function unitsOf(text: string, characters: number): number | null {
  let count = 0;
  for (let at = 0; at < text.length; ++at) {
    if (isSecondHalf(text.charCodeAt(at))) continue;
    if (count++ === characters) return at;
  }
  return count === characters ? text.length : null;
}

const isSecondHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
