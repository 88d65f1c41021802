const fields = new WeakMap<object, string[]>();

/** A JSON object of the client's own, with any names: it is validated as a field, and neither read nor changed within. */
export function AsSent(): PropertyDecorator {
  return (prototype, name) => {
    fields.set(prototype, [...(fields.get(prototype) ?? []), String(name)]);
  };
}

/** The fields of a DTO class, and of those that it extends, that are to arrive as they were sent. */
export function fieldsAsSent(dto: { prototype: object }): string[] {
  const found: string[] = [];
  for (let at: object | null = dto.prototype; at !== null; at = Reflect.getPrototypeOf(at))
    found.push(...(fields.get(at) ?? []));
  return found;
}
