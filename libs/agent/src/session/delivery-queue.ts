import type { SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';
import type { InboxItem, QueueState, SessionCommand } from '@pizzapi/protocol';
import { inItsOwnTurn } from '../commands/command-in.js';
import { InputDeliveredError } from '../errors/agent-error.js';
import { InputQueue } from '../queue/input-queue.js';
import { DeliveryLedger } from '../session-file/delivery-ledger.js';

/** What was delivered to a session: the queue of what waits, what pi was handed, and what the session's file says of both. */
export class DeliveryQueue {
  readonly #ledger: DeliveryLedger;
  readonly #queue = new InputQueue();
  readonly #commands: readonly SessionCommand[];
  readonly #changed: () => void;
  /** Handed to pi and not yet known to be in the conversation. */
  #inFlight: InboxItem[] = [];

  /** @param changed is told after each change of what waits */
  constructor(manager: SessionManager, commands: readonly SessionCommand[], changed: () => void) {
    this.#commands = commands;
    this.#changed = changed;
    this.#ledger = new DeliveryLedger(manager);
    for (const item of this.#ledger.waiting) this.#add(item);
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty;
  }

  /** What waits, as viewers see it. */
  get view(): QueueState {
    return this.#queue.view;
  }

  get items(): readonly InboxItem[] {
    return this.#queue.items;
  }

  /** Writes deliveries into the file, unless it holds them already. @returns whether any of them was new */
  receive(items: readonly InboxItem[]): boolean {
    const fresh = items.filter((item) => this.#ledger.receive(item));
    for (const item of fresh) this.#add(item);
    if (fresh.length > 0) this.#changed();
    return fresh.length > 0;
  }

  /** @throws InputDeliveredError when the agent has it already */
  edit(inputId: string, text: string): void {
    if (!this.#queue.edit(inputId, text)) throw new InputDeliveredError(inputId);
    this.#ledger.edit(inputId, text);
    this.#changed();
  }

  /** @throws InputDeliveredError when the agent has it already */
  remove(inputId: string): void {
    if (!this.#queue.remove(inputId)) throw new InputDeliveredError(inputId);
    this.#ledger.remove(inputId);
    this.#changed();
  }

  /** An idle agent begins a turn with each kind. */
  takeNext(): InboxItem | undefined {
    return this.#handedOver(this.#queue.takeNext());
  }

  /** For a running turn: the next item that may enter it. */
  takeSteer(): InboxItem | undefined {
    return this.#handedOver(this.#queue.takeSteer());
  }

  /** The item was done without a message, as by an extension's command. */
  markHandled(item: InboxItem): void {
    this.#ledger.markHandled(item);
  }

  /** Takes an entry of the file into account. */
  note(entry: SessionEntry): void {
    this.#ledger.note(entry);
  }

  /** After a turn: what was handed over and is not in the conversation waits again. @returns whether there was any */
  takeBackLost(): boolean {
    const lost = this.#inFlight.filter(({ deliveryId }) => this.#ledger.isWaiting(deliveryId));
    this.#inFlight = [];
    if (lost.length === 0) return false;
    this.#queue.putBack(lost);
    this.#changed();
    return true;
  }

  #add(item: InboxItem): void {
    this.#queue.add(inItsOwnTurn(item, this.#commands));
  }

  #handedOver(item: InboxItem | undefined): InboxItem | undefined {
    if (!item) return undefined;
    this.#inFlight.push(item);
    this.#changed();
    return item;
  }
}
