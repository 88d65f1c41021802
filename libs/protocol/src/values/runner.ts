import { Type, type Static } from 'typebox';
import { Uuid } from './ids.js';
import type { PanelDef, ServiceInfo, SigilDef, TriggerDef } from './service.js';

/** What only newer runners can do; an older one does not announce it. */
export const RunnerAbility = {
  /** It can start a session with the conversation of another one. */
  fork: 'fork',
  /** Its sessions hand over the whole output of a tool, piece by piece. */
  readOutput: 'read-output',
} as const;

/** How a runner introduces itself when it connects. */
export const RunnerHello = Type.Object({
  runnerId: Uuid,
  name: Type.String({ minLength: 1, maxLength: 120 }),
  platform: Type.String({ maxLength: 40 }),
  version: Type.String({ maxLength: 40 }),
  /** Workspace roots as real, absolute paths; the first is the default working folder. */
  roots: Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 64 }),
  /** Why its system cannot confine the tools of sessions, and what to do. Absent: it can. */
  sandboxGap: Type.Optional(Type.String({ maxLength: 2_000 })),
  /** Values of {@link RunnerAbility}; a newer runner may announce others. Absent: none. */
  abilities: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 64 })),
});
export type RunnerHello = Static<typeof RunnerHello>;

/** A runner as REST and the hub show it. */
export interface RunnerView {
  runnerId: Uuid;
  name: string;
  online: boolean;
  platform: string;
  version: string;
  roots: string[];
  /** Why its system cannot confine the tools of sessions; null or absent: it can, or has not said. */
  sandboxGap?: string | null;
  sessionCount: number;
  lastSeenAt: string | null;
  services: ServiceInfo[];
  panels: PanelDef[];
  /** Including those of services that are not running, or of a runner that is offline. */
  triggerDefs: TriggerDef[];
  sigilDefs: SigilDef[];
}

/** How many sub-folders a runner lists at once. */
export const MAX_LISTED_FOLDERS = 500;

/** One folder of a runner, with its sub-folders. `truncated`: it has more of them after these. */
export const FolderListing = Type.Object({
  path: Type.String(),
  parent: Type.Union([Type.String(), Type.Null()]),
  folders: Type.Array(Type.Object({ name: Type.String(), path: Type.String(), isRepository: Type.Boolean() })),
  truncated: Type.Boolean(),
  /** Where it was cut: what the next request gives as `after`. Absent: these are all, or the runner is one that lists no others. */
  last: Type.Optional(Type.String()),
});
export type FolderListing = Static<typeof FolderListing>;
