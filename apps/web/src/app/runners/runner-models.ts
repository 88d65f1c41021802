import { Service, inject, signal } from '@angular/core';
import type { ModelInfo, ModelRef } from '@pizzapi/protocol';
import { RunnersApi } from '../core/api/runners-api';

const STORAGE_KEY = 'pizzapi.model-names';
/** Names beyond these are forgotten, those of the runner asked longest ago first. */
const MAX_RUNNERS = 50;

type Names = ReadonlyMap<string, string>;

/** The models of runners. Their names outlive the answer: a session that ended, a runner that is away still show them. */
@Service()
export class RunnerModels {
  private readonly api = inject(RunnersApi);
  private readonly names = signal<ReadonlyMap<string, Names>>(readNames());

  /** Asks the runner, which must be there. */
  async list(runnerId: string): Promise<ModelInfo[]> {
    const { models } = await this.api.models(runnerId);
    this.remember(runnerId, models);
    return models;
  }

  /** As the runner last called it; undefined where this browser has not heard yet. */
  nameOf(runnerId: string, model: ModelRef): string | undefined {
    return this.names().get(runnerId)?.get(modelKey(model));
  }

  private remember(runnerId: string, models: readonly ModelInfo[]): void {
    // A model no longer offered keeps its name, since old sessions still show it.
    const known = new Map(this.names().get(runnerId));
    for (const model of models) known.set(modelKey(model), model.name);
    const all = new Map(this.names());
    // Deleted first, so that the entry moves to the end: the map's order is by use.
    all.delete(runnerId);
    all.set(runnerId, known);
    const kept = new Map([...all].slice(-MAX_RUNNERS));
    this.names.set(kept);
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...kept].map(([id, names]) => [id, [...names]])));
  }
}

function modelKey({ provider, id }: ModelRef): string {
  return `${provider}/${id}`;
}

function readNames(): ReadonlyMap<string, Names> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    const runners = Array.isArray(stored) ? stored.filter(isPair) : [];
    return new Map(runners.map(([runnerId, names]) => [runnerId, namesIn(names)]));
  } catch {
    // Damaged or written by something else: names come back with the runners' next answers.
    return new Map();
  }
}

function namesIn(value: unknown): Names {
  const pairs = Array.isArray(value) ? value.filter(isPair) : [];
  return new Map(pairs.flatMap(([key, name]) => (typeof name === 'string' ? [[key, name] as const] : [])));
}

function isPair(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}
