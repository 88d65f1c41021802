export interface WordPart {
  readonly text: string;
  readonly isChanged: boolean;
}
export interface LineWords {
  readonly left: readonly WordPart[];
  readonly right: readonly WordPart[];
}

/** Lines that have little in common are shown whole: marking every word says nothing. */
const MIN_COMMON = 0.35;

/** Which words of two lines differ; the library is fetched when the first diff is opened. */
export async function wordDiffs(pairs: readonly (readonly [string, string])[]): Promise<(LineWords | null)[]> {
  const { diffWordsWithSpace } = await import('diff');
  return pairs.map(([before, after]) => {
    const changes = diffWordsWithSpace(before, after);
    const common = changes
      .filter(({ added, removed }) => !added && !removed)
      .reduce((sum, { value }) => sum + value.trim().length, 0);
    if (common < MIN_COMMON * Math.min(before.trim().length, after.trim().length)) return null;
    const part =
      (isChanged: boolean) =>
      (change: { value: string }): WordPart => ({ text: change.value, isChanged });
    return {
      left: changes.filter(({ added }) => !added).map((change) => part(change.removed)(change)),
      right: changes.filter(({ removed }) => !removed).map((change) => part(change.added)(change)),
    };
  });
}
