import type { SigilDef } from '@pizzapi/protocol';
import { isBroken, type DeclaredService, type DiscoveredService } from './discovered-service.js';

/** Of two sigils with one name, the first service's counts; the other service goes on without it, and says so. */
export function settleSigils(services: DiscoveredService[]): DiscoveredService[] {
  const owners = new Map<string, string>();
  return services.map((service) => (isBroken(service) ? service : withOwnSigils(service, owners)));
}

function withOwnSigils(service: DeclaredService, owners: Map<string, string>): DeclaredService {
  const { manifest } = service;
  const taken: string[] = [];
  const isFree = (name: string): boolean => {
    const owner = owners.get(name);
    if (owner !== undefined) taken.push(`"${name}" (of ${owner})`);
    return owner === undefined;
  };
  const sigils = manifest.sigils.flatMap((sigil): SigilDef[] => {
    if (!isFree(sigil.type)) return [];
    owners.set(sigil.type, manifest.id);
    const aliases = sigil.aliases?.filter(isFree);
    for (const alias of aliases ?? []) owners.set(alias, manifest.id);
    return [{ ...sigil, ...(aliases && { aliases }) }];
  });
  if (taken.length === 0) return service;
  const loss = `${service.folder}: these sigil names are taken already and left out: ${taken.join(', ')}`;
  const note = service.note === null ? loss : `${service.note}; ${loss}`;
  return { ...service, manifest: { ...manifest, sigils }, note };
}
