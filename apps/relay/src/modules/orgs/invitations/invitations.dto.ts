import { IdPrefix } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsIn, MaxLength } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { Role } from '../../auth/index.js';
import type { InvitationEntity } from './invitation.entity.js';
import { NextCursor, PageQueryOf } from '../../../platform/http/page-query.dto.js';

/** Without `owner`: an organisation has exactly one. */
const INVITABLE = [Role.admin, Role.member, Role.reader];

export class CreateInvitationDto {
  @ApiPropertyOptional({ example: 'grace@example.com', description: 'Default: anyone with the link can use it.' })
  @OptionalField()
  @IsEmail()
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({ enum: INVITABLE, default: Role.member })
  @OptionalField()
  @IsIn(INVITABLE)
  role: Role = Role.member;
}

export class InvitationDto {
  @ApiProperty({ example: 'inv_0190…' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  email!: string | null;

  @ApiProperty({ enum: Object.values(Role), enumName: 'Role' })
  role!: Role;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}

export class NewInvitationDto extends InvitationDto {
  @ApiProperty({ required: false, description: 'It is not shown again.' })
  token!: string;

  @ApiProperty({
    required: false,
    description: 'The link to send, with the token in its fragment. It is not shown again.',
  })
  url!: string;
}

export class InvitationListDto {
  @ApiProperty({ type: [InvitationDto] })
  invitations!: InvitationDto[];

  @NextCursor()
  nextCursor?: string;
}

export function toInvitationDto(invitation: InvitationEntity): InvitationDto {
  return {
    id: invitation.invitationId,
    email: invitation.email,
    role: invitation.role,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  };
}

export class InvitationPageDto extends PageQueryOf(IdPrefix.invitation) {}
