import { Service, inject } from '@angular/core';
import { Rest } from './rest';

export type Role = 'owner' | 'admin' | 'member' | 'reader';

export interface User {
  id: string;
  name: string;
  email: string;
}

export interface Me {
  user: User;
  organisation: { id: string; name: string; role: Role };
  registration?: Registration;
}

export type Registration = 'open' | 'invite' | 'closed';

export interface Setup {
  hasAccounts: boolean;
  registration: Registration;
  setupCodeRequired: boolean;
}

export interface RegisterRequest {
  name?: string;
  email: string;
  password: string;
  invitation?: string;
  setupCode?: string;
}

export interface LoginRequest {
  email: string;
  password: string;
}

/** Accounts: who am I, login, registration. */
@Service()
export class AccountApi {
  private readonly rest = inject(Rest);

  me(): Promise<Me> {
    return this.rest.get('auth/me');
  }

  setup(): Promise<Setup> {
    return this.rest.get('auth/setup');
  }

  register(request: RegisterRequest): Promise<{ user: User; apiKey: string }> {
    return this.rest.post('register', request);
  }

  login(request: LoginRequest): Promise<void> {
    return this.rest.post('auth/login', request);
  }

  logout(): Promise<void> {
    return this.rest.post('auth/logout');
  }
}
