import { IdPrefix } from '@pizzapi/protocol';
import { ApiProperty } from '@nestjs/swagger';
import { Role } from '../../auth/index.js';
import { NextCursor, PageQueryOf } from '../../../platform/http/page-query.dto.js';

export class MemberDto {
  @ApiProperty({ example: 'usr_0190…' })
  userId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty({ enum: Object.values(Role), enumName: 'Role' })
  role!: Role;

  @ApiProperty({ format: 'date-time' })
  joinedAt!: string;
}

export class MemberListDto {
  @ApiProperty({ type: [MemberDto] })
  members!: MemberDto[];

  @NextCursor()
  nextCursor?: string;
}

export class MemberPageDto extends PageQueryOf(IdPrefix.user) {}
