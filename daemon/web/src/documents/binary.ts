// Whether a file is of no kind that documents are read from, by its first bytes: a large one need not be sent to be refused.
// When in doubt it is sent, for the daemon knows better.

const lookedAt = 4_096;
const smallest = 1_000_000;
// PDF, packed files (docx among them), old Office files, UTF-16 and UTF-32.
const known = [[0x25, 0x50, 0x44, 0x46], [0x50, 0x4b], [0xd0, 0xcf, 0x11, 0xe0], [0xff, 0xfe], [0xfe, 0xff], [0x00, 0x00, 0xfe, 0xff]];

export const isNoText = 'This file is no text and of no kind that can be read here, so it was not sent.';

export function looksBinary(bytes: Uint8Array): boolean {
  if (known.some((beginning) => beginning.every((byte, at) => bytes[at] === byte))) return false;
  const places = [...bytes.keys()].filter((at) => bytes[at] === 0);
  // Text of two bytes a letter has them at every other place.
  return places.some((at) => at % 2 === 0) && places.some((at) => at % 2 === 1);
}

export async function isBinary(file: Blob): Promise<boolean> {
  if (file.size < smallest) return false;
  try {
    return looksBinary(new Uint8Array(await file.slice(0, lookedAt).arrayBuffer()));
  } catch {
    return false; // the upload tells what is wrong with it
  }
}
