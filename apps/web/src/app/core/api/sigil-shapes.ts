import { has } from '../shape';

/** What a service says of the thing that a sigil names. Its words: text to show, never markup. */
export interface SigilAnswer {
  readonly title: string;
  readonly status?: string;
  readonly url?: string;
  readonly icon?: string;
}

export function isSigilAnswer(value: unknown): value is SigilAnswer {
  return (
    has(value, 'title') &&
    ['status', 'url', 'icon'].every((name) => value[name] === undefined || typeof value[name] === 'string')
  );
}
