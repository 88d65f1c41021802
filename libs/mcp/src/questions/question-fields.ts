/** A value that a server wants to know. */
export interface QuestionField {
  /** As the server calls it. */
  name: string;
  /** As people are shown it. */
  title: string;
  description: string;
  isRequired: boolean;
  kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices';
  /** Of a choice: what is shown, and what the server gets. */
  options: { label: string; value: string }[];
}

export type FieldValue = string | number | boolean | string[];

/** The fields of a question's JSON Schema: an object whose properties are texts, numbers, yes or no, and choices. */
export function fieldsOf(schema: unknown): QuestionField[] {
  const { properties, required } = recordOf(schema);
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(recordOf(properties)).map(([name, each]) => {
    const { title, description } = recordOf(each);
    return {
      name,
      title: typeof title === 'string' && title !== '' ? title : name,
      description: typeof description === 'string' ? description : '',
      isRequired: needed.has(name),
      ...kindOf(recordOf(each)),
    };
  });
}

/** What an answer in words means for a field; null: it is none. A choice is known by its label or its value. */
export function valueIn(field: QuestionField, answer: string): FieldValue | null {
  const text = answer.trim();
  switch (field.kind) {
    case 'text':
      return text;
    case 'number':
    case 'integer': {
      const value = text === '' ? NaN : Number(text);
      const isFit = field.kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
      return isFit ? value : null;
    }
    case 'boolean':
      return /^(?:yes|true)$/i.test(text) ? true : /^(?:no|false)$/i.test(text) ? false : null;
    case 'choice':
      return chosen(field, text);
    case 'choices':
      return text === '' ? [] : several(field, text.split(','));
  }
}

/** The choices in a list with commas. A choice may have commas itself, so the longest that fits is taken. Null: something in it is no choice. */
function several(field: QuestionField, parts: readonly string[]): string[] | null {
  const most = 1 + Math.max(0, ...field.options.flatMap(({ label, value }) => [label, value].map(commasIn)));
  /** For each part, the choices from there to the end; filled from the end on, so that each part is looked at once. */
  const found: (string[] | null)[] = [...parts.map(() => null), []];
  for (let from = parts.length - 1; from >= 0; from -= 1) {
    for (let count = Math.min(most, parts.length - from); count > 0 && !found[from]; count -= 1) {
      const rest = found[from + count];
      if (!rest) continue;
      const words = parts.slice(from, from + count).join(',');
      const value = chosen(field, words.trim());
      if (value !== null) found[from] = [value, ...rest];
    }
  }
  return found[0] ?? null;
}

function commasIn(text: string): number {
  return text.split(',').length - 1;
}

function chosen({ options }: QuestionField, text: string): string | null {
  const found =
    options.find(({ label, value }) => label === text || value === text) ??
    options.find(({ label }) => label.toLowerCase() === text.toLowerCase());
  return found?.value ?? null;
}

function kindOf(schema: Record<string, unknown>): Pick<QuestionField, 'kind' | 'options'> {
  const { type, items } = schema;
  if (type === 'array') return { kind: 'choices', options: optionsOf(recordOf(items)) };
  if (type === 'number' || type === 'integer' || type === 'boolean') return { kind: type, options: [] };
  const options = optionsOf(schema);
  return { kind: options.length > 0 ? 'choice' : 'text', options };
}

/** `oneOf` and `anyOf` with titles; `enum`, whose names stand beside it in an older form. */
function optionsOf(schema: Record<string, unknown>): QuestionField['options'] {
  const { enum: values, enumNames: names } = schema;
  if (Array.isArray(values))
    return values.map((value, at) => ({
      value: String(value),
      label: labelOf(Array.isArray(names) ? names[at] : null, value),
    }));
  const titled = schema['oneOf'] ?? schema['anyOf'];
  if (!Array.isArray(titled)) return [];
  return titled.map((each) => {
    const { const: value, title } = recordOf(each);
    return { value: String(value), label: labelOf(title, value) };
  });
}

function labelOf(title: unknown, value: unknown): string {
  return typeof title === 'string' && title !== '' ? title : String(value);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
