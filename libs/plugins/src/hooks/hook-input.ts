import { isRecord } from '../manifest.js';

/** `${tool_input.file_path}` in a text stands for that part of what the hook is told; what is not there, for nothing. */
export function filledInput(value: unknown, told: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([\w.]+)\}/g, (_whole, path: string) => asText(partOf(told, path.split('.'))));
  if (Array.isArray(value)) return value.map((each) => filledInput(each, told));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledInput(each, told)]));
}

function partOf(told: unknown, path: readonly string[]): unknown {
  return path.reduce((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), told);
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
