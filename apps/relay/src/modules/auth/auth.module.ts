import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { QueryGuard } from '../../platform/http/query.guard.js';
import { Callers } from './accounts/callers.js';
import { FirstAccount } from './accounts/first-account.repository.js';
import { ApiKeyRepository } from './api-keys/api-key.repository.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { KeysVersion } from './api-keys/keys-version.js';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import { CallerGuard } from './caller.guard.js';
import { EndedCredentials } from './credentials/ended-credentials.js';
import { LiveCredentials } from './credentials/live-credentials.js';
import { EnrolmentController } from './enrolment/enrolment.controller.js';
import { EnrolmentSecret } from './enrolment/enrolment-secret.js';
import { LoginController } from './login/login.controller.js';
import { LoginSession } from './login/login-session.js';
import { PasswordLogin } from './login/password-login.js';
import { VerifyPassword } from './login/verify-password.js';
import { AuthenticateSocket } from './sockets/authenticate-socket.js';
import { CloseCredential } from './sockets/close-credential.js';
import { WorkerTokens } from './worker-tokens.js';

/** Authentication: logins, API keys, runners' keys, workers' tokens. */
@Module({
  controllers: [ApiKeysController, EnrolmentController, LoginController],
  providers: [
    ApiKeyRepository,
    AuthenticateSocket,
    Callers,
    CloseCredential,
    EndedCredentials,
    EnrolmentSecret,
    FirstAccount,
    KeysVersion,
    LiveCredentials,
    LoginSession,
    PasswordLogin,
    VerifyApiKey,
    VerifyPassword,
    WorkerTokens,
    { provide: APP_GUARD, useClass: CallerGuard },
    // After the caller's guard: authentication comes before validation.
    { provide: APP_GUARD, useClass: QueryGuard },
  ],
  exports: [
    ApiKeyRepository,
    AuthenticateSocket,
    EndedCredentials,
    FirstAccount,
    LiveCredentials,
    LoginSession,
    WorkerTokens,
  ],
})
export class AuthModule implements NestModule {
  constructor(private readonly login: LoginSession) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(this.login.middleware).forRoutes('{*path}');
  }
}
