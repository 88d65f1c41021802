import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';

/**
 * May be left out. A client that writes `null` for what it has not got means the same; `IsOptional` alone would hand that on as a value. It
 * stays for fields in which `null` says something of its own.
 */
export function OptionalField(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => value ?? undefined),
  );
}
