import { Body, Controller, Get, Ip, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RelayConfig } from '../../../config/config.js';
import { Database } from '../../../platform/database/database.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { Public } from '../../../platform/http/public.js';
import { RateLimits } from '../../../platform/http/rate-limits.js';
import { ShownOnce } from '../../../platform/http/replay-options.js';
import {
  type Caller,
  CurrentCaller,
  FirstAccount,
  LoginSession,
  normalEmail,
  REGISTRATION_LIMITS,
} from '../../auth/index.js';
import { OrganisationEntity } from '../organisation.entity.js';
import { RegisterAccount } from './register-account.js';
import { MeDto, RegisterDto, RegisteredDto, SetupDto } from './registration.dto.js';
import { SetupCode } from './setup-code.js';

@ApiTags('account')
@Controller()
export class RegistrationController {
  constructor(
    private readonly registerAccount: RegisterAccount,
    private readonly session: LoginSession,
    private readonly limits: RateLimits,
    private readonly firstAccount: FirstAccount,
    private readonly setupCode: SetupCode,
    private readonly database: Database,
    private readonly config: RelayConfig,
  ) {}

  @Post('register')
  @Public()
  @ShownOnce(['apiKey'])
  @ApiOperation({
    operationId: 'register',
    summary: 'Create an account; the response sets the cookie and contains the first API key',
    security: [],
  })
  @ApiCreatedResponse({ type: RegisteredDto })
  async register(
    @Body() body: RegisterDto,
    @OperationId() operationId: string,
    @Ip() address: string,
    @Req() request: Request,
  ): Promise<RegisteredDto> {
    await this.limits.consume(REGISTRATION_LIMITS.byAddress, address);
    await this.limits.consume(REGISTRATION_LIMITS.byEmail, normalEmail(body.email));
    const registered = await this.registerAccount.run(body, operationId);
    await this.session.start(request, registered.user.id);
    return registered;
  }

  @Get('auth/setup')
  @Public()
  @ApiOperation({ operationId: 'getSetup', summary: 'How accounts can be created on this relay', security: [] })
  @ApiOkResponse({ type: SetupDto })
  async setup(): Promise<SetupDto> {
    const hasAccounts = (await this.firstAccount.find()) !== null;
    return {
      hasAccounts,
      registration: this.config.registration,
      setupCodeRequired: !hasAccounts && this.setupCode.isNeeded,
    };
  }

  @Get('auth/me')
  @ApiOperation({ operationId: 'getMe', summary: 'The caller: user and organisation' })
  @ApiOkResponse({ type: MeDto })
  async me(@CurrentCaller() caller: Caller): Promise<MeDto> {
    const { userId, name, email, organisationId, role } = caller;
    const organisation = await this.database.read.findOneByOrFail(OrganisationEntity, { organisationId });
    return { user: { id: userId, name, email }, organisation: { id: organisationId, name: organisation.name, role } };
  }
}
