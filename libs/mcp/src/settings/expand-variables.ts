/** A variable that a setting names is not there. */
export class VariableMissingError extends Error {
  constructor(readonly variable: string) {
    super(
      `The variable ${variable} is not set. Set it where the runner starts, or give it a default: \${${variable}:-…}.`,
    );
    this.name = 'VariableMissingError';
  }
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
/** A shorter value is too common a text to be taken out of sentences. */
const MIN_SECRET = 4;

/** The names of all variables that the texts of a setting take, however deep they lie in it; as {@link Variables.expand} reads them. */
export function variablesIn(setting: unknown): string[] {
  if (typeof setting === 'string')
    return [...new Set([...setting.matchAll(VARIABLE)].flatMap(([, name]) => name ?? []))];
  if (typeof setting !== 'object' || setting === null) return [];
  return [...new Set(Object.values(setting).flatMap(variablesIn))];
}

/** `${NAME}` and `${NAME:-default}` stand for what the environment says. What it said is kept out of every sentence afterwards. */
export class Variables {
  readonly #env: NodeJS.ProcessEnv;
  readonly #values = new Set<string>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** @throws VariableMissingError */
  expand(text: string): string {
    return text.replaceAll(VARIABLE, (_, name: string, fallback: string | undefined) => {
      const value = this.#env[name];
      if (value === undefined && fallback === undefined) throw new VariableMissingError(name);
      if (value === undefined || (value === '' && fallback !== undefined)) return fallback ?? '';
      this.keepSecret(value);
      return value;
    });
  }

  expandAll(texts: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, this.expand(text)]));
  }

  keepSecret(value: string): void {
    if (value.length >= MIN_SECRET) this.#values.add(value);
  }

  /** The sentence without values of variables. */
  redact(sentence: string): string {
    return [...this.#values]
      .sort((a, b) => b.length - a.length)
      .reduce((text, value) => text.replaceAll(value, '•••').replaceAll(encodeURIComponent(value), '•••'), sentence);
  }
}
