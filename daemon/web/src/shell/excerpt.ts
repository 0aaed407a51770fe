// Where a search has found its words, for a narrow list: there is room for two short lines, and the first of the words has to
// stand in them.

import type { SearchHit } from '../api/types.ts';

const before = 20;

export interface Piece {
  text: string;
  isFound: boolean;
}

export function piecesOf({ excerpt: { text, marks } }: Pick<SearchHit, 'excerpt'>): Piece[] {
  // The marks count characters as people do.
  const characters = [...text];
  const from = beginning(characters, marks[0]?.start ?? 0);
  const pieces: Piece[] = from > 0 ? [{ text: '…', isFound: false }] : [];
  let at = from;
  for (const { start, end } of marks) {
    pieces.push({ text: characters.slice(at, start).join(''), isFound: false }, { text: characters.slice(start, end).join(''), isFound: true });
    at = end;
  }
  return [...pieces, { text: characters.slice(at).join(''), isFound: false }].filter((piece) => piece.text !== '');
}

// With a word that is whole.
function beginning(characters: string[], first: number): number {
  if (first <= before) return 0;
  const blank = characters.indexOf(' ', first - before);
  return blank >= 0 && blank < first ? blank + 1 : first - before;
}
