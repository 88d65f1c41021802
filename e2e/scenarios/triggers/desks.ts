import type { ScriptedModel } from '@pizzapi/testing';

/** Agents that work until the test lets them answer: how many there are at once is seen by what they ask the model. */
export class Desks {
  /** At this moment. */
  taken = 0;
  /** Ever at once. */
  most = 0;
  asked = 0;
  private isOpen = false;
  private waiting: (() => void)[] = [];

  constructor(model: ScriptedModel) {
    model.otherwise(async (answer) => {
      this.asked++;
      this.most = Math.max(this.most, ++this.taken);
      const told = new Promise<void>((resolve) => this.waiting.push(resolve));
      if (!this.isOpen) await Promise.race([told, answer.aborted]);
      // Before the answer: whoever comes next may come at once.
      this.taken--;
      await answer.text('Done.');
    });
  }

  /** Some of them answer. */
  answer(count: number): void {
    for (const resolve of this.waiting.splice(0, count)) resolve();
  }

  /** From now on everybody answers at once. */
  open(): void {
    this.isOpen = true;
    this.answer(this.waiting.length);
  }
}
