// How turns ended whose messages do not tell, as when a model failed: each is asked for once.

import { signal } from '@preact/signals';
import { readTurn } from '../api/conversations.ts';
import type { Message, Turn } from '../api/types.ts';
import { unansweredTurns } from '../chat/entries.ts';

export class Endings {
  private readonly known = signal<ReadonlyMap<string, Turn>>(new Map());
  private readonly conversation: string;
  private readonly asked = new Set<string>();

  constructor(conversation: string) {
    this.conversation = conversation;
  }

  // Of the turns that the messages tell no end of; of the last one when it is not asked for otherwise.
  of(messages: Message[], isLastToo: boolean): Turn[] {
    const known = this.known.value;
    return unansweredTurns(messages, isLastToo).flatMap((turn) => known.get(turn) ?? []);
  }

  know(turn: Turn): void {
    if (turn.state !== 'running') this.known.value = new Map(this.known.peek()).set(turn.id, turn);
  }

  // One after the other: there may be many after a day without a model.
  async learn(messages: Message[]): Promise<void> {
    for (const turn of unansweredTurns(messages, false)) {
      if (this.asked.has(turn) || this.known.peek().has(turn)) continue;
      this.asked.add(turn);
      try {
        this.know(await readTurn(this.conversation, turn));
      } catch {
        this.asked.delete(turn);
      }
    }
  }
}
