import type { InboxItem, QueuedInput, QueueState } from '@pizzapi/protocol';
import { shortTextOf, triggerIn } from './delivered-trigger.js';

/** More than anybody looks through. */
const MAX_SHOWN = 100;
/** Together with one item that is longer still, this fits into a message that the relay takes. */
const MAX_SHOWN_CHARACTERS = 1024 * 1024;

/**
 * What waits for the agent, in the order of arrival. It is ours, not pi's: pi's own queue is forgotten by an abort and
 * a crash, and cannot be seen or changed.
 */
export class InputQueue {
  #items: InboxItem[] = [];
  /** Kept, because a trigger's is read from its JSON and all of them are told with every change. */
  readonly #views = new WeakMap<InboxItem, QueuedInput>();

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  get items(): readonly InboxItem[] {
    return this.#items;
  }

  /** What viewers see: triggers too, because they hold their place in the order. Of many the first, of long ones at least one. */
  get view(): QueueState {
    const inputs: QueuedInput[] = [];
    let characters = 0;
    for (const item of this.#items.slice(0, MAX_SHOWN)) {
      const shown = this.#viewOf(item);
      characters += shown.text.length;
      if (inputs.length > 0 && characters > MAX_SHOWN_CHARACTERS) break;
      inputs.push(shown);
    }
    const more = this.#items.length - inputs.length;
    return { inputs, ...(more > 0 && { more }) };
  }

  add(item: InboxItem): void {
    this.#items.push(item);
  }

  /** Puts back at the front, in their order, what was handed over but did not arrive. */
  putBack(items: InboxItem[]): void {
    this.#items.unshift(...items);
  }

  /** Takes the next item for an idle agent, with which each kind starts a turn. */
  takeNext(): InboxItem | undefined {
    return this.#items.shift();
  }

  /** Takes the next item that enters a running turn. */
  takeSteer(): InboxItem | undefined {
    const at = this.#items.findIndex(({ deliverAs }) => deliverAs === 'steer');
    return at === -1 ? undefined : this.#items.splice(at, 1)[0];
  }

  /** A person's input that waits; triggers are nobody's to change. False when it does not wait here. */
  edit(inputId: string, text: string): boolean {
    const at = this.#indexOfInput(inputId);
    const item = this.#items[at];
    if (!item) return false;
    this.#items[at] = { ...item, text };
    return true;
  }

  remove(inputId: string): boolean {
    const at = this.#indexOfInput(inputId);
    if (at === -1) return false;
    this.#items.splice(at, 1);
    return true;
  }

  #viewOf(item: InboxItem): QueuedInput {
    const view = this.#views.get(item) ?? viewOf(item);
    this.#views.set(item, view);
    return view;
  }

  #indexOfInput(inputId: string): number {
    return this.#items.findIndex(({ deliveryId, kind }) => deliveryId === inputId && kind === 'input');
  }
}

function viewOf(item: InboxItem): QueuedInput {
  const { deliveryId, kind, text, deliverAs, authorName, fromSessionId, attachments, ts } = item;
  if (kind === 'trigger') {
    const trigger = triggerIn(item);
    return { inputId: deliveryId, kind, text: trigger ? shortTextOf(trigger) : 'Trigger', deliverAs, ts };
  }
  return {
    inputId: deliveryId,
    text,
    deliverAs,
    ts,
    ...(authorName !== undefined && { authorName }),
    ...(fromSessionId !== undefined && { fromSessionId }),
    ...(attachments !== undefined && { attachments }),
  };
}
