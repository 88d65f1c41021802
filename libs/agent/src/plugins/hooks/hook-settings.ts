import { type Static, Type } from 'typebox';

/** The field `hooks` of a `config.json`. */
export const HookSettings = Type.Object(
  {
    /** Plugins whose broken hooks block what they could have blocked; `true` for all plugins. Default: none. */
    failClosed: Type.Optional(Type.Union([Type.Boolean(), Type.Array(Type.String({ minLength: 1 }))])),
  },
  { additionalProperties: false },
);
export type HookSettings = Static<typeof HookSettings>;

export function failsClosed({ failClosed = false }: HookSettings, plugin: string): boolean {
  return typeof failClosed === 'boolean' ? failClosed : failClosed.includes(plugin);
}
