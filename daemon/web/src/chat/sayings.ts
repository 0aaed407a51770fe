// Sentences that the built-in offline assistant proposes to say, in its quotes: “Analyze it”.

export interface Piece {
  text: string;
  // It is proposed: what stands between the quotes.
  saying: string | null;
}

// Other quotes say what was said, or what is meant.
const proposals = /((?:^|could say |you mean |for example: |[Ss]ay |ask ))“([^”]+)”|“([^”]+)”(?= (?:shows|tells) )/g;

export function sayingsIn(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(proposals)) {
    const begin = found.index + (found[1] ?? '').length;
    if (begin > at) pieces.push({ text: text.slice(at, begin), saying: null });
    at = found.index + found[0].length;
    pieces.push({ text: text.slice(begin, at), saying: found[2] ?? found[3] ?? null });
  }
  if (at > 0 && at < text.length) pieces.push({ text: text.slice(at), saying: null });
  return pieces;
}
