import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isPublic } from '../../platform/http/public.js';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import { type AnyCaller, type AuthenticatedRequest, callerId, type CallerKind, requireKind } from './caller.js';
import { Accepts } from './current-caller.js';
import { LoginSession } from './login/login-session.js';
import { invalidKey, noCredential } from './refusals.js';

const PEOPLE: readonly CallerKind[] = ['person'];

/** Requires a caller for everything that is not marked `Public`. If a key is sent, it decides, regardless of any cookie. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifyApiKey: VerifyApiKey,
    private readonly login: LoginSession,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    // Sockets are authenticated in their handshake.
    if (context.getType() !== 'http' || isPublic(this.reflector, targets)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller = await this.find(request);
    requireKind(caller, this.acceptedBy(targets));
    request.caller = caller;
    request.callerId = callerId(caller);
    return true;
  }

  private acceptedBy(targets: Parameters<Reflector['getAllAndOverride']>[1]): readonly CallerKind[] {
    return this.reflector.getAllAndOverride(Accepts, targets) ?? PEOPLE;
  }

  private async find(request: AuthenticatedRequest): Promise<AnyCaller> {
    const key = request.get('x-api-key');
    if (key !== undefined) {
      const caller = await this.verifyApiKey.run(key, request.keysVersion);
      if (!caller) throw invalidKey();
      return caller;
    }
    const caller = await this.login.callerOf(request.session);
    if (!caller) throw noCredential();
    return caller;
  }
}
