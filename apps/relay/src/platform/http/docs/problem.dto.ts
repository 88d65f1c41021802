import { ApiProperty } from '@nestjs/swagger';
import { ProblemCode } from '@pizzapi/protocol';

class FieldErrorDto {
  @ApiProperty({ example: 'model.provider' })
  path!: string;

  @ApiProperty()
  message!: string;
}

/** RFC 9457, as this relay fills it. */
export class ProblemDto {
  @ApiProperty({ example: 'urn:pizzapi:problem:not_found' })
  type!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty()
  status!: number;

  @ApiProperty({ description: 'A sentence that says what to do.' })
  detail!: string;

  @ApiProperty({
    description: 'A stable name of the problem, for programs.',
    enum: Object.values(ProblemCode),
    enumName: 'ProblemCode',
  })
  code!: ProblemCode;

  @ApiProperty()
  requestId!: string;

  @ApiProperty({ type: [FieldErrorDto], required: false, description: 'Which fields are invalid.' })
  errors?: FieldErrorDto[];
}
