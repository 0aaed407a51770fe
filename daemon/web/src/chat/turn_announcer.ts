// What screen readers are told of a turn: that it works, what becomes of its tools, and the reply, block by block as each
// is complete: once, and never piece by piece as it streams in.

import { effect, untracked } from '@preact/signals';
import { GrowingMarkdown } from '../markdown/growing.ts';
import { announce } from '../state/announcements.ts';
import type { OpenConversation } from '../state/open_conversation.ts';
import { titleOfTool, withTitles } from '../state/tools.ts';
import { spoken } from './spoken.ts';
import { type CallPart, isRunning, type TextPart, type TurnView } from './turn_view.ts';

// What is done by then does not need to be announced before.
const soonMs = 1_000;
// Who wants more of a long reply reads it where it stands, at the own pace.
const longest = 3_000;
// The last blocks of a text that grows may still become something else.
const unsettled = 2;

export class TurnAnnouncer {
  private told = new Set<string>();
  private texts = new Map<string, { growing: GrowingMarkdown; said: number }>();
  private length = 0;

  // The sentences that are new.
  update(view: TurnView): string[] {
    const sentences = view.parts.flatMap((part) => (part.kind === 'text' ? this.blocksOf(part) : this.once(endOf(part), part.id)));
    if (view.state === 'failed') sentences.push(...this.once(`The reply failed: ${view.error?.message ?? ''}`));
    if (view.state === 'cancelled') sentences.push(...this.once('The reply was stopped.'));
    if (view.state === 'completed' && view.parts.length === 0) sentences.push(...this.once('Nothing was answered.'));
    return sentences;
  }

  // What goes on, to be told when it takes its time.
  goingOn(view: TurnView): string[] {
    if (!isRunning(view)) return [];
    const calls = view.parts.filter((part): part is CallPart => part.kind === 'call' && part.state === 'running');
    const sentences = calls.flatMap((call) => this.once(`${titleOfTool(call.name)} is running.`, call.id));
    return sentences.length > 0 || this.told.size > 0 ? sentences : this.once('assistd is answering.');
  }

  private once(sentence: string, of = ''): string[] {
    const key = `${of} ${sentence}`;
    if (!sentence || this.told.has(key)) return [];
    this.told.add(key);
    return [sentence];
  }

  private blocksOf(part: TextPart): string[] {
    if (this.length > longest) return [];
    const text = this.texts.get(part.id) ?? { growing: new GrowingMarkdown(), said: 0 };
    this.texts.set(part.id, text);
    const blocks = part.completed ? text.growing.finish(part.text) : text.growing.update(part.text).slice(0, -unsettled);
    const sentences: string[] = [];
    for (const block of blocks.slice(text.said)) {
      const said = spoken(block);
      ++text.said;
      if (!said) continue;
      sentences.push(this.length === 0 ? `Reply: ${said}` : said);
      this.length += said.length;
      this.told.add(part.id);
      if (this.length > longest) {
        sentences.push('The reply is longer; all of it is in Messages.');
        break;
      }
    }
    // At once: what is announced at one moment may be heard in another order.
    return sentences.length > 0 ? [sentences.join(' ')] : [];
  }
}

function endOf(call: CallPart): string {
  const title = titleOfTool(call.name);
  switch (call.state) {
    case 'running':
      return '';
    case 'waiting':
      return `${title} waits for your approval. Allow and Refuse are before the message field.`;
    case 'background':
      return `${title} goes on in the background.`;
    case 'done':
      return `${title} is done.`;
    case 'failed':
      return `${title} failed. ${withTitles(call.summary)}`;
    case 'stopped':
      return `${title} was stopped.`;
    case 'unfinished':
      return `${title} did not finish.`;
  }
}

// Of the turns that go on in a conversation, until it is left. They are told from what is known and not from what is drawn:
// a short reply has ended, and what is stored of it has taken its place, before anything of it is drawn.
export function announceTurns({ live, hasLater }: Pick<OpenConversation, 'live' | 'hasLater'>): () => void {
  let announcer = new TurnAnnouncer();
  let key = '';
  const stop = effect(() => {
    const turn = live.value;
    if (!turn) key = '';
    if (!turn || hasLater.value) return;
    if (turn.key !== key) announcer = new TurnAnnouncer();
    key = turn.key;
    // The names of tools may come later: they are not told again for that.
    untracked(() => announcer.update(turn.view).forEach(announce));
  });
  const timer = setInterval(() => {
    if (live.peek() && !hasLater.peek()) announcer.goingOn(live.peek()!.view).forEach(announce);
  }, soonMs);
  return () => {
    stop();
    clearInterval(timer);
  };
}
