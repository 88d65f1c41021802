import { Type, type Static } from 'typebox';
import { Uuid } from './ids.js';
import type { PanelDef, ServiceInfo, SigilDef, TriggerDef } from './service.js';

/** What not every runner can that a relay lets in: an older one does not name it. */
export const RunnerAbility = {
  /** It begins a session with what was said in another one. */
  fork: 'fork',
} as const;

/** What a runner says of itself when it connects. */
export const RunnerHello = Type.Object({
  runnerId: Uuid,
  name: Type.String({ minLength: 1, maxLength: 120 }),
  platform: Type.String({ maxLength: 40 }),
  version: Type.String({ maxLength: 40 }),
  /** Workspace roots as real, absolute paths; the first is the default working folder. */
  roots: Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 64 }),
  /** Why its system cannot confine the tools of sessions, and what to do. Absent: it can. */
  sandboxGap: Type.Optional(Type.String({ maxLength: 2_000 })),
  /** Of {@link RunnerAbility}; a newer runner names more. Absent: none. */
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
  /** Also those of services that are not there now: definitions outlive a disconnect. */
  triggerDefs: TriggerDef[];
  sigilDefs: SigilDef[];
}

/** One folder of a runner, with its sub-folders; `recent` first where the caller asked for a root. */
export const FolderListing = Type.Object({
  path: Type.String(),
  parent: Type.Union([Type.String(), Type.Null()]),
  folders: Type.Array(Type.Object({ name: Type.String(), path: Type.String(), isRepository: Type.Boolean() })),
  truncated: Type.Boolean(),
});
export type FolderListing = Static<typeof FolderListing>;
