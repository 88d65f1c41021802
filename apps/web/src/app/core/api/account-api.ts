import { Service, inject } from '@angular/core';
import {
  type LoginDto,
  type MeDto,
  type RegisterDto,
  type SetupDto,
  getMe,
  getSetup,
  login,
  logout,
  register,
} from '@pizzapi/api-client';
import { isMe, isSetup } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type Me = MeDto;
export type Setup = SetupDto;
export type RegisterRequest = RegisterDto;
export type LoginRequest = LoginDto;

/** Accounts: who am I, login, registration. */
@Service()
export class AccountApi {
  private readonly relay = inject(RelayClient);

  async me(): Promise<Me> {
    return expected((await getMe(this.relay.options)).data, isMe);
  }

  async setup(): Promise<Setup> {
    return expected((await getSetup(this.relay.options)).data, isSetup);
  }

  /** The answer's cookie signs the person in; the first key it carries is for scripts. */
  async register(body: RegisterRequest): Promise<void> {
    await register({ ...this.relay.options, body });
  }

  async login(body: LoginRequest): Promise<void> {
    await login({ ...this.relay.options, body });
  }

  async logout(): Promise<void> {
    await logout(this.relay.options);
  }
}
