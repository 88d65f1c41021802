import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { In, MoreThan } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { pageOf, PageQueryDto } from '../../../platform/http/page-query.dto.js';
import { type Caller, CurrentCaller, MemberEntity, UserEntity } from '../../auth/index.js';
import { MemberListDto } from './members.dto.js';

@ApiTags('organisation')
@Controller('members')
export class MembersController {
  constructor(private readonly database: Database) {}

  @Get()
  @ApiOperation({ operationId: 'listMembers', summary: 'People of the caller\'s organisation, in the order they came to the relay' })
  @ApiOkResponse({ type: MemberListDto })
  async list(@Query() { limit, cursor }: PageQueryDto, @CurrentCaller() { organisationId }: Caller): Promise<MemberListDto> {
    const found = await this.database.read.find(MemberEntity, {
      where: { organisationId, ...(cursor === undefined ? {} : { userId: MoreThan(cursor) }) },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
    const { page, nextCursor } = pageOf(found, limit, (member) => member.userId);
    const users = await this.database.read.findBy(UserEntity, { userId: In(page.map(({ userId }) => userId)) });
    const byId = new Map(users.map((user) => [user.userId, user]));
    const members = page.flatMap(({ userId, role, joinedAt }) => {
      const user = byId.get(userId);
      return user ? [{ userId, name: user.name, email: user.email, role, joinedAt: joinedAt.toISOString() }] : [];
    });
    return { members, ...(nextCursor === undefined ? {} : { nextCursor }) };
  }
}
