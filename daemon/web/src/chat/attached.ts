// Attachments that are no pictures stand in a message's text, one line each at its end: "[attached: file-3, data.csv]".

const line = /\n\[attached: ([\w-]+), [^\n]*\]$/;

export function attachedIn(content: string): { text: string; handles: string[] } {
  const handles: string[] = [];
  let text = content;
  for (let match = line.exec(text); match; match = line.exec(text)) {
    handles.unshift(match[1] ?? '');
    text = text.slice(0, match.index);
  }
  return { text, handles };
}
