import type { HomeLayout } from '../../../config/home-layout.js';

/** A folder in which every folder is a service. */
export interface ServicesSource {
  dir: string;
  /** The plugin that brings it; null: the user's own. */
  plugin: string | null;
}

/** Where services lie, in the order in which they take an id or a sigil's name: the user's own first. */
export async function servicesSources(layout: HomeLayout): Promise<ServicesSource[]> {
  return [{ dir: layout.servicesDir, plugin: null }];
}
