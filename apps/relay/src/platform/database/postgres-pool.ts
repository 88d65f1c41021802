import { Socket } from 'node:net';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { DatabaseAwayError } from './database-away.error.js';

/** How long is waited for a database that does not answer. Without an end, every request would wait with it. */
export interface Patience {
  /** For a connection: a new one, or until one of the pool is free. */
  connectMs: number;
  /** For any byte of an answer. Whatever takes longer than this without one is not for a request. */
  silenceMs: number;
}
export const PATIENCE: Patience = { connectMs: 10_000, silenceMs: 20_000 };

/** Options for a DataSource whose connections end when the database is silent. pg's own `query_timeout` would leave them in use. */
export function impatient({ connectMs, silenceMs }: Patience): Pick<DataSourceOptions, 'extra'> {
  const stream = (): Socket => {
    const socket = new Socket();
    socket.setTimeout(silenceMs, () =>
      socket.destroy(new DatabaseAwayError(`it has been silent for ${silenceMs / 1_000} s`)),
    );
    return socket;
  };
  return { extra: { max: 20, connectionTimeoutMillis: connectMs, stream } };
}

/** The driver's errors of a connection that cannot be had are of many kinds, and some have no code. */
export function nameMissingConnections(source: DataSource): void {
  const { driver } = source;
  if (!obtainsConnections(driver)) throw new Error('The PostgreSQL driver has changed how it obtains connections.');
  const obtain = driver.obtainMasterConnection.bind(driver);
  driver.obtainMasterConnection = () =>
    obtain().catch((error: unknown) => {
      throw new DatabaseAwayError(error instanceof Error ? error.message : String(error), { cause: error });
    });
}

function obtainsConnections(driver: object): driver is { obtainMasterConnection(): Promise<unknown> } {
  return 'obtainMasterConnection' in driver && typeof driver.obtainMasterConnection === 'function';
}
