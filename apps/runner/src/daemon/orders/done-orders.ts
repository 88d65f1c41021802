import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { readJsonFile, writePrivateFile } from '../../files/private-file.js';

/** The relay redelivers what it has no acknowledgement for; that is little, and soon. */
const MAX_REMEMBERED = 500;
const validator = Compile(Type.Array(Type.String()));

/**
 * The orders that were acted on. Without it, an order whose acknowledgement was lost would, when it comes again, start
 * a session that has ended meanwhile.
 */
export class DoneOrders {
  private readonly cursors: Set<string>;

  constructor(private readonly path: string) {
    const value = readJsonFile(path);
    this.cursors = new Set(validator.Check(value) ? value : []);
  }

  has(cursor: string): boolean {
    return this.cursors.has(cursor);
  }

  add(cursor: string): void {
    this.cursors.add(cursor);
    for (const oldest of this.cursors) {
      if (this.cursors.size <= MAX_REMEMBERED) break;
      this.cursors.delete(oldest);
    }
    writePrivateFile(this.path, JSON.stringify([...this.cursors]));
  }
}
