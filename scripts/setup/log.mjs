/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** @param {string} text */
export const say = (text) => console.log(text);

/**
 * Says what is about to be done, does it, and says how long it took.
 * @template T
 * @param {string} text
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(text, work) {
  say(`${text} …`);
  const startedAt = performance.now();
  const result = await work();
  say(`  done in ${seconds(performance.now() - startedAt)}`);
  return result;
}
