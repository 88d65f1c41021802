import { Service, computed, inject, signal } from '@angular/core';
import { AccountApi, type LoginRequest, type Me, type RegisterRequest } from '../api/account-api';
import { ApiProblem, asProblem } from '../api/api-problem';

/** Who is signed in: `undefined` while unknown, `null` for nobody. */
@Service()
export class Auth {
  private readonly api = inject(AccountApi);
  private readonly current = signal<Me | null | undefined>(undefined);
  private readonly failure = signal<ApiProblem | null>(null);

  readonly me = this.current.asReadonly();
  /** Why that could not be determined; null otherwise. */
  readonly problem = this.failure.asReadonly();
  readonly isSignedIn = computed(() => this.current() != null);
  /** Owners and admins run the organisation. */
  readonly isAdmin = computed(() => {
    const role = this.current()?.organisation.role;
    return role === 'owner' || role === 'admin';
  });

  /** Asks the relay once; later calls answer from memory. */
  async load(): Promise<Me | null | undefined> {
    if (this.current() !== undefined) return this.current();
    try {
      this.failure.set(null);
      this.current.set(await this.api.me());
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401) this.current.set(null);
      else this.failure.set(problem);
    }
    return this.current();
  }

  async login(request: LoginRequest): Promise<void> {
    await this.api.login(request);
    this.current.set(await this.api.me());
  }

  /** Creates the account; the answer's cookie signs it in. */
  async register(request: RegisterRequest): Promise<void> {
    await this.api.register(request);
    this.current.set(await this.api.me());
  }

  async logout(): Promise<void> {
    await this.api.logout();
    this.current.set(null);
  }

  /** Asks again after a socket was refused. `RelayClient` handles a 401; any other failure changes nothing. */
  async recheck(): Promise<void> {
    try {
      this.current.set(await this.api.me());
    } catch (error) {
      if (asProblem(error).status === 401) return;
      this.failure.set(null);
    }
  }

  /** The relay no longer knows this browser's login. */
  expire(): void {
    this.current.set(null);
  }
}
