import { join, relative, resolve, sep } from 'node:path';
import type { PluginProblem } from './plugin.js';
import { readSmallFile, UnreadableFileError } from './small-file.js';

/** What makes a folder a plugin; the first that is there counts. */
export const MANIFESTS = [join('.claude-plugin', 'plugin.json'), 'plugin.json'];
/** It stands in commands between a slash and a colon. */
const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

export interface Manifest {
  /** Null: the folder's name is its name. */
  name: string | null;
  description: string;
  version: string | null;
  fields: Record<string, unknown>;
  /** The file, in full. */
  path: string;
}

export function isPluginName(name: string): boolean {
  return NAME.test(name);
}

/** Null: the folder is no plugin. */
export function readManifest(folder: string): Manifest | PluginProblem | null {
  for (const file of MANIFESTS) {
    const path = join(folder, file);
    const text = readPart(path);
    if (text === null) continue;
    if (typeof text !== 'string') return text;
    const fields = parsed(text);
    if (!isRecord(fields)) return { path, detail: 'it is not a JSON object' };
    const { name, description, version } = fields;
    if (name !== undefined && !(typeof name === 'string' && isPluginName(name)))
      return { path, detail: 'its field "name" must be letters, digits and _ . -' };
    return {
      name: name ?? null,
      description: typeof description === 'string' ? description : '',
      version: typeof version === 'string' ? version : null,
      fields,
      path,
    };
  }
  return null;
}

export interface Places {
  paths: string[];
  /** Those of the manifest that lead out of the plugin's folder, or are addresses: they are not used. */
  outside: string[];
  /** Those of {@link paths} that the manifest names. */
  named: string[];
}

/**
 * A standard place in a plugin's folder, and those that its manifest names.
 * @param isReplaced whether the manifest's take the place of the standard one
 */
export function placesOf(folder: string, standard: string, named: unknown, isReplaced = false): Places {
  const given = [named].flat().filter((path) => typeof path === 'string');
  const addresses = given.filter((path) => /^[a-z][a-z0-9+.-]+:/i.test(path));
  const all = given.filter((path) => !addresses.includes(path)).map((path) => resolve(folder, path));
  const inside = all.filter((path) => isInside(folder, path));
  const standards = isReplaced && named !== undefined ? [] : [resolve(folder, standard)];
  return {
    paths: [...new Set([...standards, ...inside])],
    outside: [...all.filter((path) => !isInside(folder, path)), ...addresses],
    named: [...new Set(inside)],
  };
}

/** Whether a path is a folder, or below it; where links lead is not looked at. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** Anything larger is not part of a plugin. */
const MAX_BYTES = 1024 * 1024;

/**
 * Null where there is no such file, or none that may be read; one that is there and no text of a plugin is a problem.
 * @throws where no more files can be opened: taken for missing, it would be a plugin without the hooks that guard
 */
export function readPart(path: string): string | PluginProblem | null {
  try {
    // Editors of Windows put a mark at the beginning.
    return readSmallFile(path, { maxBytes: MAX_BYTES }).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UnreadableFileError) return { path, detail: error.detail };
    if (isShortage(error)) throw error;
    return null;
  }
}

function isShortage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/** Undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
