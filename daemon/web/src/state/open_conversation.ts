// One conversation as the page knows it: its messages, and the turn that goes on in it. It lives on while another one is
// shown, so that a reply goes on arriving.

import { batch, computed, effect, signal } from '@preact/signals';
import { ApiError, ConnectionError, mayPass, sentenceOf } from '../api/client.ts';
import { cancelTurn, readConversation, readMessagesAfter, readMessagesAround, readMessagesBefore, readTurn } from '../api/conversations.ts';
import type { ArtifactRef, Conversation, Message, Turn, TurnEvent } from '../api/types.ts';
import { cutAfter, type Entry, entriesOf, isReply, withEarlier, withEnding, withLater, withNewest } from '../chat/entries.ts';
import { followTurn } from '../chat/follow_turn.ts';
import type { ReadingPlace } from '../chat/scrolling.ts';
import { apply, isRunning, newTurnView } from '../chat/turn_view.ts';
import { pause } from './connection.ts';
import { conversationChanged, markRunning, notListed } from './conversation_list.ts';
import { keepUnsent, readUnsent, type Unsent } from './drafts.ts';
import { Endings } from './endings.ts';
import { PerFrame } from './frames.ts';
import { newKey } from './keys.ts';
import { hasArrived, type LiveTurn, messageOf, type NotSent, type Said } from './said.ts';

const titleAfterMs = 3_000;
// A message that was not taken after so long may wait for another reply.
const waitsAfterMs = 700;
const drawnMessages = 150;

export class OpenConversation {
  readonly id: string;
  readonly about = signal<Conversation | null>(null);
  readonly messages = signal<Message[] | null>(null);
  readonly hasEarlier = signal(false);
  // A search has led into the middle: the newest messages are not among those that are here, and nothing goes on here.
  readonly hasLater = signal(false);
  readonly loadError = signal<{ sentence: string; mayRetry: boolean } | null>(null);
  readonly live = signal<LiveTurn | null>(null);
  readonly notSent = signal<NotSent | null>(null);
  private readonly endings: Endings;
  // Where one has left it; null: at its end.
  place: ReadingPlace | null = null;
  // Somebody has deleted it elsewhere.
  readonly isGone = signal(false);
  readonly isBusy = computed(() => this.live.value !== null && isRunning(this.live.value.view));
  readonly isStopping = computed(() => this.live.value?.stopping ?? false);
  // By which the turn that goes on stands among the entries: pieces of text do not change it.
  readonly liveKey = computed(() => this.live.value?.view.id ?? this.live.value?.key ?? null);
  readonly said = computed(() => this.live.value?.said ?? null);
  readonly entries = computed(() => this.makeEntries());
  private made: Entry[] = [];
  private leaving = new AbortController();
  private changes = new PerFrame();
  private isLoadingEarlier = false;
  private isLoadingLater = false;
  // What stood there before a message was said differently or answered again; for when that comes to nothing.
  private before: Message[] | null = null;

  constructor(id: string) {
    this.id = id;
    this.endings = new Endings(id);
    effect(() => void this.endings.learn(this.messages.value ?? []));
  }

  private makeEntries(): Entry[] {
    const live = this.hasLater.value ? null : this.liveKey.value;
    const stored = (this.messages.value ?? []).filter((one) => one.role === 'user' || !live || one.turn_id !== live);
    this.made = entriesOf(stored, this.made);
    // What follows the last one here is not known, or is on its way and may take its place.
    const isLastToo = !this.hasLater.value && (!live || this.said.value !== null);
    return this.endings.of(stored, isLastToo).reduce(withEnding, this.made);
  }

  // One that was just made: there is nothing in it to load.
  begin(about: Conversation): void {
    this.about.value = about;
    this.messages.value = [];
  }

  // The newest messages; also re-joins a turn that goes on.
  async load(): Promise<void> {
    const before = this.live.value?.key;
    try {
      const { messages, has_earlier_messages, ...about } = await readConversation(this.id);
      const turn = await this.unfinishedTurn(about, messages);
      // Something was said meanwhile: what was read before that must not come back. The turn's end loads again.
      if (this.isBusy.value && this.live.value?.key !== before) return;
      if (this.hasLater.value) {
        this.about.value = about;
        conversationChanged(about);
        return;
      }
      batch(() => {
        const merged = withNewest(this.messages.value ?? [], messages);
        if (merged.length === messages.length) this.hasEarlier.value = has_earlier_messages;
        this.messages.value = merged;
        this.about.value = about;
        this.loadError.value = null;
        if (turn) this.endings.know(turn);
        if (this.live.value && !this.isBusy.value) this.live.value = null;
        this.findUnsent(messages);
      });
      conversationChanged(about);
      if (turn?.state === 'running' && !this.isBusy.value) void this.follow({ turn: turn.id, said: null, begin: null });
    } catch (error) {
      if (isNotThere(error) && this.about.value) {
        this.isGone.value = true;
        notListed(this.id);
      }
      this.loadError.value = { sentence: sentenceOf(error), mayRetry: mayPass(error) };
      if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
    }
  }

  // The newest turn, when its messages do not say that it ended well.
  private async unfinishedTurn(about: Conversation, messages: Message[]): Promise<Turn | null> {
    if (this.isBusy.value) return null;
    const last = messages.findLast((message) => message.role !== 'system');
    const turn = about.running_turn_id ?? (last && isReply(last) ? null : last?.turn_id);
    return turn ? readTurn(this.id, turn) : null;
  }

  // What was sent and not heard of, before the page was loaded again: it may have got through.
  private findUnsent(messages: Message[]): void {
    const unsent = readUnsent(this.id);
    if (!unsent || this.isBusy.value || this.notSent.value) return;
    if (hasArrived(unsent, messages)) keepUnsent(this.id, null);
    else this.notSent.value = { unsent, reason: 'This message has not been sent.', mayRetry: true };
  }

  // Gets the message and what stands around it; false when it is no longer part of the conversation.
  async lookFor(message: string): Promise<boolean> {
    if (!this.messages.value) await this.load();
    if (this.messages.value?.some((one) => one.id === message) && !this.isLong()) return true;
    const found = await readMessagesAround(this.id, message);
    if (!found.messages.some((one) => one.id === message)) return false;
    if (!found.has_later) {
      this.hasLater.value = false;
      await this.load();
      if (this.messages.value?.some((one) => one.id === message)) return true;
    }
    batch(() => {
      this.messages.value = found.messages;
      this.hasEarlier.value = found.has_earlier;
      this.hasLater.value = found.has_later;
    });
    return true;
  }

  // So much is here that what is far from the eye is not drawn.
  private isLong(): boolean {
    return (this.messages.value?.length ?? 0) > drawnMessages;
  }

  async loadLater(): Promise<void> {
    const last = this.messages.value?.at(-1);
    if (!last || !this.hasLater.value || this.isLoadingLater) return;
    this.isLoadingLater = true;
    try {
      const page = await readMessagesAfter(this.id, last.id);
      batch(() => {
        if (this.messages.value?.at(-1) !== last) return;
        this.messages.value = withLater(this.messages.value, page.messages);
        this.hasLater.value = page.has_more;
      });
      if (!this.hasLater.value) await this.load();
    } finally {
      this.isLoadingLater = false;
    }
  }

  // Back from where a search has led to.
  async toNewest(): Promise<void> {
    if (!this.hasLater.value) return;
    this.hasLater.value = false;
    await this.load();
  }

  async loadEarlier(): Promise<void> {
    const first = this.messages.value?.[0];
    if (!first || !this.hasEarlier.value || this.isLoadingEarlier) return;
    this.isLoadingEarlier = true;
    try {
      const page = await readMessagesBefore(this.id, first.id);
      batch(() => {
        this.messages.value = withEarlier(this.messages.value ?? [], page.messages);
        this.hasEarlier.value = page.has_more;
      });
    } finally {
      this.isLoadingEarlier = false;
    }
  }

  async send(text: string, attachments: ArtifactRef[], edits: string | null = null): Promise<void> {
    if (this.isBusy.value) return;
    const unsent = (): Unsent => {
      const stays = edits ? cutAfter(this.messages.value ?? [], edits, true) : this.messages.value;
      return { text, attachments, edits, key, after: stays?.at(-1)?.id ?? null };
    };
    const key = newKey();
    // The composer has let go of it.
    keepUnsent(this.id, unsent());
    if (edits) this.hasLater.value = false;
    else await this.toNewest();
    // Something was being answered that could not be seen from where one was.
    if (this.isBusy.value) this.notSent.value = { unsent: unsent(), reason: 'Another message is being answered. Try again when it is.', mayRetry: true };
    else await this.sendUnsent(unsent());
  }

  async sendUnsent(unsent: Unsent): Promise<void> {
    if (this.isBusy.value) return;
    keepUnsent(this.id, unsent);
    const { text, attachments, edits, key } = unsent;
    const handles = attachments.map((one) => one.handle);
    const body = { content: text, ...(handles.length > 0 && { attachments: handles }), ...(edits && { edits }) };
    const before = (this.before = this.messages.value);
    this.notSent.value = null;
    if (edits && before) this.messages.value = cutAfter(before, edits, true);
    const refused = await this.follow({ turn: null, said: { text, attachments }, begin: { action: 'chat', body, key } });
    if (!refused) return;
    batch(() => {
      this.live.value = null;
      if (edits) this.messages.value = before;
      this.notSent.value = { unsent, reason: sentenceOf(refused), mayRetry: mayPass(refused) };
    });
    // The conversation may not be there any more, or something that goes with the message.
    if (isNotThere(refused)) await this.load();
  }

  // Answers the last message again.
  async regenerate(): Promise<ApiError | null> {
    const before = this.messages.value;
    const asked = before?.findLast((one) => one.role === 'user');
    if (!before || !asked || this.isBusy.value) return null;
    this.before = before;
    this.messages.value = cutAfter(before, asked.id, false);
    const refused = await this.follow({ turn: null, said: null, begin: { action: 'regenerate', body: {}, key: newKey() } });
    if (refused)
      batch(() => {
        this.live.value = null;
        this.messages.value = before;
      });
    return refused;
  }

  // Stops the turn. What does not get through is said by throwing.
  async stop(): Promise<void> {
    const live = this.live.value;
    if (!live || !this.isBusy.value || live.stopping) return;
    const turn = live.view.id;
    this.change({ stopping: true });
    // Not begun as far as the page knows: it is stopped as soon as it has a name.
    if (!turn) return;
    try {
      await cancelTurn(this.id, turn);
    } catch (error) {
      this.change({ stopping: false });
      throw error;
    }
  }

  // Gives up a message that waits for the daemon, and returns it.
  takeBack(): Unsent | null {
    const unsent = readUnsent(this.id);
    if (this.live.value?.view.state === 'sending') {
      this.leaving.abort();
      this.live.value = null;
      this.messages.value = this.before;
    }
    this.notSent.value = null;
    keepUnsent(this.id, null);
    return unsent;
  }

  close(): void {
    this.leaving.abort();
  }

  private change(fields: Partial<LiveTurn>): void {
    if (this.live.value) this.live.value = { ...this.live.value, ...fields };
  }

  private async follow(
    { turn, said, begin }: { turn: string | null; said: Said | null; begin: { action: string; body: object; key: string } | null },
  ): Promise<ApiError | null> {
    const leaving = new AbortController();
    this.leaving = leaving;
    markRunning(this.id, true);
    this.live.value = {
      key: begin?.key ?? turn ?? newKey(), said, view: { ...newTurnView(), id: turn }, broken: false, waits: false, stopping: false,
    };
    if (begin) void this.lookWhetherItWaits(begin.key, said !== null && !('edits' in begin.body), leaving.signal);
    try {
      await followTurn({
        conversation: this.id,
        begin,
        turn,
        signal: leaving.signal,
        onTurn: (id) => this.named(id),
        onBroken: (broken) => this.change({ broken }),
        onEvent: (event, number) => this.onEvent(event, number),
      });
    } catch (error) {
      this.changes.flush();
      if (error instanceof ApiError && this.live.value?.view.state === 'sending') return error;
      // The turn is gone, as after its conversation was deleted elsewhere.
      const message = sentenceOf(error);
      this.change({ view: { ...(this.live.value?.view ?? newTurnView()), state: 'failed', error: { code: 'lost', message } } });
      if (isNotThere(error)) await this.load();
      return null;
    } finally {
      markRunning(this.id, false);
    }
    this.changes.flush();
    if (leaving.signal.aborted) return null;
    await this.load();
    void this.lookForTitle();
    return null;
  }

  // A model names a conversation a moment after its first reply.
  private async lookForTitle(): Promise<void> {
    const isFirst = this.messages.value?.filter((message) => message.role === 'user').length === 1;
    if (!isFirst || this.hasEarlier.value) return;
    await pause(titleAfterMs);
    if (!this.isBusy.value) await this.load();
  }

  // `isAdded`: what is said stands behind all that is there, so that what came before it can be shown meanwhile.
  private async lookWhetherItWaits(key: string, isAdded: boolean, leaving: AbortSignal): Promise<void> {
    const isUnheard = (): boolean => !leaving.aborted && this.live.value?.key === key && !this.live.value.view.id;
    await pause(waitsAfterMs, leaving);
    if (!isUnheard()) return;
    // Without an answer it is the connection that is waited for.
    const found = await readConversation(this.id).catch(() => null);
    if (!found?.running_turn_id || !isUnheard()) return;
    batch(() => {
      this.change({ waits: true });
      if (isAdded && !this.hasLater.value) this.messages.value = withNewest(this.messages.value ?? [], found.messages);
    });
  }

  private named(id: string): void {
    const live = this.live.value;
    if (!live || live.view.id === id) return;
    keepUnsent(this.id, null);
    this.change({ view: { ...live.view, id } });
    if (live.stopping) cancelTurn(this.id, id).catch(() => this.change({ stopping: false }));
  }

  private onEvent(event: TurnEvent, number: number): void {
    this.changes.add(() => {
      const live = this.live.value;
      if (!live) return;
      this.live.value = { ...live, view: apply(live.view, event, number) };
      if (event.name === 'turn.started' && live.said) this.heard(event.data.message_id, live.said);
      if (event.name === 'title.updated') this.retitle(event.data.title);
    });
  }

  // What was said is a message like the others from now on.
  private heard(id: string, said: Said): void {
    const hasWaited = this.live.value?.waits;
    this.change({ said: null, waits: false });
    if (this.hasLater.value) return;
    const messages = this.messages.value ?? [];
    if (!messages.some((one) => one.id === id)) this.messages.value = [...messages, messageOf(id, said, this.live.value?.view.id ?? null)];
    // What it has waited for is there now.
    if (hasWaited) void this.load();
  }

  private retitle(title: string): void {
    if (!this.about.value) return;
    this.about.value = { ...this.about.value, title };
    conversationChanged(this.about.value);
  }
}

const isNotThere = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

const open = new Map<string, OpenConversation>();
const keptOpen = 8;

// The same one as long as something goes on in it.
export function openConversation(id: string): OpenConversation {
  const known = open.get(id);
  if (known) {
    open.delete(id);
    open.set(id, known);
    return known;
  }
  const conversation = new OpenConversation(id);
  open.set(id, conversation);
  for (const [other, one] of open) {
    if (open.size <= keptOpen) break;
    if (other !== id && !one.isBusy.value && !one.notSent.value) open.delete(other);
  }
  return conversation;
}

export function forgetConversation(id: string): void {
  open.get(id)?.close();
  open.delete(id);
}
