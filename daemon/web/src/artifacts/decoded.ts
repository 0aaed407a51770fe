// The text in a file's bytes. Most are UTF-8; what is not is what spreadsheets and old programs write.

export interface Decoded {
  text: string;
  // By its name for people; empty: it is UTF-8, as it should be.
  encoding: string;
}

// `isWhole` is false when the bytes may end in the middle of a character.
export function decoded(bytes: Uint8Array, isWhole: boolean): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: read(bytes, 'utf-16le'), encoding: 'UTF-16' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: read(bytes, 'utf-16be'), encoding: 'UTF-16' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole }), encoding: '' };
  } catch {
    return isText(bytes) ? { text: read(bytes, 'windows-1252'), encoding: 'Windows-1252' } : { text: read(bytes, 'utf-8'), encoding: '' };
  }
}

const read = (bytes: Uint8Array, encoding: string): string => new TextDecoder(encoding).decode(bytes);

// Some damaged UTF-8 in the midst of good one is not taken for another encoding.
function isText(bytes: Uint8Array): boolean {
  const text = read(bytes, 'utf-8');
  let good = 0;
  let bad = 0;
  for (const character of text) {
    if (character === '\ufffd') ++bad;
    else if (character > '\u007f') ++good;
  }
  return bad > good;
}
