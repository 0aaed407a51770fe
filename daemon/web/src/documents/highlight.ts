// Which pieces of a passage are words of the query.

export interface Piece {
  text: string;
  isHit: boolean;
}

/** Words match by their beginning, so that "sphere" also marks "spheres"; very short ones must be the same. */
export function highlight(text: string, query: string): Piece[] {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];
  // "the" and "is" are everywhere, so they count only where there is nothing else.
  const telling = words.filter((word) => word.length > 3);
  const wanted = telling.length > 0 ? telling : words;
  const matches = (word: string): boolean => wanted.some((one) => (one.length < 4 ? word === one : word.startsWith(stemOf(one))));
  const pieces: Piece[] = [];
  const add = (piece: string, isHit: boolean): void => {
    const last = pieces.at(-1);
    if (piece === '') return;
    if (last && last.isHit === isHit) last.text += piece;
    else pieces.push({ text: piece, isHit });
  };
  let at = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    add(text.slice(at, match.index), false);
    add(match[0], matches(match[0].toLowerCase()));
    at = match.index + match[0].length;
  }
  add(text.slice(at), false);
  return pieces;
}

function stemOf(word: string): string {
  return word.length > 5 ? word.replace(/(?:ies|es|s|ing|ed)$/, '') : word;
}

const inFront = 160;
const linesInFront = 3;

/** From a little before the first hit on: the beginning of a long passage says nothing of why it was found. */
export function fromHit(pieces: Piece[]): Piece[] {
  const hit = pieces.findIndex((piece) => piece.isHit);
  const before = pieces.slice(0, Math.max(hit, 0)).map((piece) => piece.text).join('');
  if (before.length <= 2 * inFront) return pieces;
  const cut = before.slice(-inFront).replace(/^\S*\s+/, '').split('\n').slice(-linesInFront).join('\n');
  return [{ text: `… ${cut}`, isHit: false }, ...pieces.slice(hit)];
}
