import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsString, Length, MaxLength } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { Role } from '../../auth/index.js';
import { IsName } from '../../../platform/http/is-name.js';

export class RegisterDto {
  @ApiPropertyOptional({ example: 'Ada', description: 'Default: the part of the address before the @.' })
  @OptionalField()
  @IsName(120)
  name?: string;

  @ApiProperty({ example: 'ada@example.com' })
  @IsEmail()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ format: 'password', minLength: 8, maxLength: 1024 })
  @IsString()
  @Length(8, 1_024)
  password!: string;

  @ApiPropertyOptional({ description: 'The token of an invitation.' })
  @OptionalField()
  @IsString()
  @MaxLength(128)
  invitation?: string;

  @ApiPropertyOptional({
    description:
      'Set-up code, which the relay prints when it starts; required for the first account if the relay can be reached from other machines.',
  })
  @OptionalField()
  @IsString()
  @MaxLength(64)
  setupCode?: string;
}

export class UserDto {
  @ApiProperty({ example: 'usr_0190…' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  email!: string;
}

export class JoinedOrganisationDto {
  @ApiProperty({ example: 'org_0190…' })
  id!: string;

  @ApiProperty({ enum: Object.values(Role), enumName: 'Role' })
  role!: Role;
}

export class RegisteredDto {
  @ApiProperty()
  user!: UserDto;

  @ApiProperty()
  organisation!: JoinedOrganisationDto;

  @ApiProperty({ required: false, description: 'The first API key. It is not shown again.', example: 'pza_…' })
  apiKey!: string;
}

export class OrganisationDto extends JoinedOrganisationDto {
  @ApiProperty()
  name!: string;
}

export class MeDto {
  @ApiProperty()
  user!: UserDto;

  @ApiProperty()
  organisation!: OrganisationDto;
}

export class SetupDto {
  @ApiProperty({ description: "False until the first account is created, which owns the relay's first organisation." })
  hasAccounts!: boolean;

  @ApiProperty({ enum: ['open', 'invite', 'closed'], description: 'Who may create further accounts.' })
  registration!: 'open' | 'invite' | 'closed';

  @ApiProperty({ description: 'Whether the first account requires the set-up code.' })
  setupCodeRequired!: boolean;
}
