import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { forbidden, notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { ShownOnce } from '../../../platform/http/replay-options.js';
import { type Caller, CurrentCaller, normalEmail, Role } from '../../auth/index.js';
import { MemberRepository } from '../members/member.repository.js';
import { InvitationRepository } from './invitation.repository.js';
import {
  CreateInvitationDto,
  InvitationListDto,
  InvitationPageDto,
  NewInvitationDto,
  toInvitationDto,
} from './invitations.dto.js';

@ApiTags('organisation')
@Controller('invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly config: RelayConfig,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listInvitations', summary: 'Open invitations of the organisation, newest first' })
  @ApiOkResponse({ type: InvitationListDto })
  async list(
    @Query() { limit, cursor }: InvitationPageDto,
    @CurrentCaller() caller: Caller,
  ): Promise<InvitationListDto> {
    requireAdmin(caller);
    const found = await this.invitations.page(caller.organisationId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(found, limit, (invitation) => invitation.invitationId);
    return { invitations: page.map(toInvitationDto), ...next };
  }

  @Post()
  @ShownOnce(['token', 'url'])
  @ApiOperation({
    operationId: 'createInvitation',
    summary: 'Invite someone; this response is the only one that contains the link',
  })
  @ApiCreatedResponse({ type: NewInvitationDto })
  async create(
    @Body() body: CreateInvitationDto,
    @OperationId() operationId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<NewInvitationDto> {
    requireAdmin(caller);
    const { organisationId, userId: invitedBy } = caller;
    const email = body.email === undefined ? null : normalEmail(body.email);
    // Only in the own organisation: whether another one has such an account must not be revealed.
    if (email !== null && (await this.members.has(organisationId, email))) throw alreadyMember(email);
    const { entity, token } = await this.invitations.create({
      operationId,
      organisationId,
      invitedBy,
      email,
      role: body.role,
    });
    // In the fragment, so that it appears neither in server logs nor in Referer headers.
    return { ...toInvitationDto(entity), token, url: `${this.config.publicUrl}/register#invitation=${token}` };
  }

  @Delete(':invitationId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteInvitation', summary: 'Withdraw an invitation' })
  @ApiNoContentResponse()
  async remove(@Param('invitationId') invitationId: string, @CurrentCaller() caller: Caller): Promise<void> {
    requireAdmin(caller);
    if (!(await this.invitations.remove(invitationId, caller.organisationId))) throw notFound('invitation');
  }
}

function alreadyMember(email: string): ProblemError {
  const message = 'has an account in this organisation: they log in with it, and need no invitation';
  return new ProblemError(409, ProblemCode.alreadyMember, `${email} ${message}.`, {
    errors: [{ path: 'email', message }],
  });
}

function requireAdmin({ role }: Caller): void {
  if (role !== Role.owner && role !== Role.admin)
    throw forbidden('Only owners and admins of the organisation manage invitations; ask one of them.');
}
