/** The object of a service's own class. What it has is known by looking. */
export class UserService {
  constructor(private readonly instance: unknown) {}

  get(name: string): unknown {
    return this.instance instanceof Object ? Reflect.get(this.instance, name) : undefined;
  }

  has(method: string): boolean {
    return typeof this.get(method) === 'function';
  }

  /** Calls a method, if there is one, and waits for what it promises. @throws what the method throws */
  async call(method: string, ...args: unknown[]): Promise<void> {
    const called = this.get(method);
    if (typeof called === 'function') await Reflect.apply(called, this.instance, args);
  }
}
