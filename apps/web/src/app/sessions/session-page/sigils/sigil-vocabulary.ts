import type { ServiceInfo, SigilDef } from '@pizzapi/protocol';

/** A type of sigil that a service of the runner declares, with what its chips need. */
export interface KnownSigil {
  /** The declared one, also where an alias was written. */
  readonly type: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  /** Whether the service can be asked for more than the id. */
  readonly isResolvable: boolean;
}

/** The types and aliases that a runner's services declare. The first to declare a name has it, types before aliases. */
export type SigilVocabulary = ReadonlyMap<string, KnownSigil>;

export function vocabularyOf(
  definitions: readonly SigilDef[],
  services: readonly Pick<ServiceInfo, 'id' | 'icon'>[],
): SigilVocabulary {
  const icons = new Map(services.map(({ id, icon }) => [id, icon]));
  const known = definitions.map((each) => ({ names: each, sigil: knownSigil(each, icons.get(each.serviceId)) }));
  const vocabulary = new Map<string, KnownSigil>();
  const add = (name: string, sigil: KnownSigil): void => {
    if (!vocabulary.has(name)) vocabulary.set(name, sigil);
  };
  for (const { names, sigil } of known) add(names.type, sigil);
  for (const { names, sigil } of known) for (const alias of names.aliases ?? []) add(alias, sigil);
  return vocabulary;
}

function knownSigil({ type, label, description, resolve }: SigilDef, icon: string | undefined): KnownSigil {
  return { type, label, description: description ?? '', icon: icon ?? 'square', isResolvable: resolve !== undefined };
}
