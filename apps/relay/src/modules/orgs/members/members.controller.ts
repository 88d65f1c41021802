import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { MemberRepository } from './member.repository.js';
import { MemberListDto, MemberPageDto } from './members.dto.js';

@ApiTags('organisation')
@Controller('members')
export class MembersController {
  constructor(private readonly members: MemberRepository) {}

  @Get()
  @ApiOperation({
    operationId: 'listMembers',
    summary: "Members of the caller's organisation, earliest account first",
  })
  @ApiOkResponse({ type: MemberListDto })
  async list(
    @Query() { limit, cursor }: MemberPageDto,
    @CurrentCaller() { organisationId }: Caller,
  ): Promise<MemberListDto> {
    const found = await this.members.page(organisationId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(found, limit, (member) => member.userId);
    const members = page.map((member) => ({ ...member, joinedAt: member.joinedAt.toISOString() }));
    return { members, ...next };
  }
}
