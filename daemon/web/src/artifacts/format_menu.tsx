// Download as it is, or in the other formats that tools can make of it.

import { useState } from 'preact/hooks';

import { sentenceOf } from '../api/client.ts';
import type { ArtifactRef } from '../api/types.ts';
import { showError, showToast } from '../state/toasts.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { aboutArtifact } from './about.ts';
import { availableFormats, download, type Format, make } from './formats.ts';
import { sizeText } from '../ui/format.ts';

async function makeAndDownload(artifact: ArtifactRef, format: Format): Promise<void> {
  const label = format.format.toUpperCase();
  showToast(`Making ${label} of ${artifact.handle} …`);
  try {
    const made = await make(format);
    if (!made) showToast(`${label} of ${artifact.handle} takes longer; it goes on in the background.`);
    else {
      download(made);
      showToast(`${made.name} is there as ${made.handle}.`);
    }
  } catch (error) {
    showError(sentenceOf(error));
  }
}

export function FormatMenu({ artifact, formats }: { artifact: ArtifactRef; formats: Format[] }) {
  const items: MenuItem[] = [
    { label: artifact.name, hint: `As it is, ${sizeText(artifact.size)}`, icon: 'download', run: () => download(artifact) },
    ...formats.map((format) => ({
      label: format.format.toUpperCase(),
      hint: format.title,
      run: () => void makeAndDownload(artifact, format),
    })),
  ];
  return (
    <Menu label={`Download ${artifact.handle}`} items={items}>
      <Icon name="download" />
    </Menu>
  );
}

/** Nothing is asked of the daemon for the many artifacts that nobody downloads: the formats come with the first look. */
export function useFormats(artifact: ArtifactRef): { formats: Format[]; look: () => void } {
  const [formats, setFormats] = useState<Format[] | null>(null);
  const look = (): void => {
    if (formats) return;
    setFormats([]);
    aboutArtifact(artifact.handle)
      .then(availableFormats)
      // Without them the file itself can be downloaded.
      .then(setFormats, () => setFormats(null));
  };
  return { formats: formats ?? [], look };
}
