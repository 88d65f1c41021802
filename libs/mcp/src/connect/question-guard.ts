/** How many questions a server may ask while something of ours waits for it. */
const MAX_QUESTIONS = 10;

type Refusal = { action: 'decline' } | { action: 'cancel' };

/** Keeps a server from asking people without end: it may only while something of ours waits for it, so often, and not again after a no. */
export class QuestionGuard {
  #waiting = 0;
  #asked = 0;
  #isDeclined = false;

  /** Something waits for the server. */
  begin(): void {
    if (this.#waiting === 0) {
      this.#asked = 0;
      this.#isDeclined = false;
    }
    this.#waiting += 1;
  }

  end(): void {
    this.#waiting -= 1;
  }

  over<Question, Answer extends { action: string }>(
    ask: (question: Question) => Promise<Answer | Refusal>,
  ): (question: Question) => Promise<Answer | Refusal> {
    return async (question) => {
      if (this.#waiting === 0) return { action: 'cancel' };
      if (this.#isDeclined) return { action: 'decline' };
      this.#asked += 1;
      if (this.#asked > MAX_QUESTIONS) return { action: 'cancel' };
      const answer = await ask(question);
      this.#isDeclined ||= answer.action === 'decline';
      return answer;
    };
  }
}
