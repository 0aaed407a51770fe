// The attachments in the composer: each with its progress, or why it could not be uploaded.

import { useEffect, useState } from 'preact/hooks';
import { presentationOf } from '../artifacts/kinds.ts';
import { IconButton } from '../ui/buttons.tsx';
import { percentText, sizeText } from '../ui/format.ts';
import { HeldUp } from '../ui/holdup.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Attached, Attachments } from './attachments.ts';

export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const list = attachments.list.value;
  if (list.length === 0) return null;
  return (
    <ul class="attached" aria-label="Attachments">
      {list.map((one) => (
        <li key={one.key} class={one.problem ? 'is-failed' : ''}>
          {isPicture(one) ? <Preview of={one} /> : <Icon name="file" size={16} />}
          <span class="attached-name" title={one.name}>{one.name}</span>
          <span class="ui-soft ui-small">{sizeText(one.size)}</span>
          <IconButton small icon="close" label={`Remove ${one.name}`} onClick={() => attachments.remove(one.key)} />
          {one.held && (
            <span class="attached-note">
              <HeldUp by={one.held} name={one.name} sendNow={() => attachments.sendNow(one.key)} />
            </span>
          )}
          {!one.artifact && !one.problem && !one.held && (
            <>
              {one.isAgain && <span class="attached-note ui-soft ui-small">The connection broke: all of it is sent again, {percentText(one.fraction)} so far</span>}
              <progress class="ui-progress" aria-label={`Uploading ${one.name}`} max={1} value={one.fraction} />
            </>
          )}
          {one.note && <span class="attached-note ui-soft ui-small">{one.note}</span>}
          {one.problem && (
            <span class="attached-problem">
              {one.problem}
              {one.sent && one.mayRetry && (
                <button type="button" class="ui-button is-small" onClick={() => attachments.retry(one.key)}>
                  Try again
                </button>
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

const largestPreview = 20_000_000;

function isPicture({ sent, artifact, size }: Attached): boolean {
  const type = sent?.file.type || artifact?.media_type;
  return type !== undefined && size <= largestPreview && presentationOf({ media_type: type }) === 'image';
}

function Preview({ of: { sent, artifact } }: { of: Attached }) {
  const [own, setOwn] = useState<string>();
  useEffect(() => {
    if (!sent) return;
    const url = URL.createObjectURL(sent.file);
    setOwn(url);
    return () => URL.revokeObjectURL(url);
  }, [sent]);
  const url = sent ? own : artifact?.url;
  return url ? <img class="attached-preview" src={url} alt="" /> : null;
}
