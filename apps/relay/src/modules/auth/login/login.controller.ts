import { Body, Controller, HttpCode, Ip, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemCode } from '@pizzapi/protocol';
import type { Request, Response } from 'express';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { Public } from '../../../platform/http/public.js';
import { RateLimits } from '../../../platform/http/rate-limits.js';
import { NotReplayed } from '../../../platform/http/replay-options.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { normalEmail } from '../accounts/email.js';
import { CloseCredential } from '../sockets/close-credential.js';
import { LOGIN_LIMITS } from './login-limits.js';
import { LOGIN_COOKIE } from './login-cookie.js';
import { LoginSession } from './login-session.js';
import { LoginDto } from './login.dto.js';
import { PasswordLogin } from './password-login.js';

@ApiTags('account')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly passwordLogin: PasswordLogin,
    private readonly limits: RateLimits,
    private readonly session: LoginSession,
    private readonly closeCredential: CloseCredential,
    private readonly bus: EventBus,
  ) {}

  @Post('login')
  @HttpCode(204)
  @Public()
  @NotReplayed()
  @ApiOperation({ operationId: 'login', summary: 'Log a browser in; the response sets the cookie', security: [] })
  @ApiNoContentResponse()
  async login(
    @Body() { email }: LoginDto,
    @Ip() address: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.limits.consume(LOGIN_LIMITS.byAddress, address);
    await this.limits.consume(LOGIN_LIMITS.byEmail, normalEmail(email));
    const found = await this.passwordLogin.run(request, response);
    if (!found) throw new ProblemError(401, ProblemCode.wrongCredentials, 'Email or password is wrong.');
    await this.limits.forget(LOGIN_LIMITS.byEmail, normalEmail(email));
    await this.session.start(request, found.userId);
  }

  /** Public, so that logging out also succeeds if the login has ended already. */
  @Post('logout')
  @HttpCode(204)
  @Public()
  @NotReplayed()
  @ApiOperation({ operationId: 'logout', summary: 'Log the browser out and close its sockets' })
  @ApiNoContentResponse()
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const ended = await this.session.end(request);
    response.clearCookie(LOGIN_COOKIE, { path: '/' });
    if (!ended) return;
    await this.closeCredential.run({ kind: 'login', ...ended });
    await this.bus.publish('login.ended', ended);
  }
}
