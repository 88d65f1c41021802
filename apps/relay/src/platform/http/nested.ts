import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateNested } from 'class-validator';

type DtoClass = () => new () => object;

/** A field that is an object of a class of its own. `ValidateNested` alone would take a list of such objects too. */
export function NestedObject(dto: DtoClass): PropertyDecorator {
  return applyDecorators(IsObject(), ValidateNested(), Type(dto));
}

/** A list of these. `ValidateNested` alone would take lists within the list, look into them, and hand them on as they are. */
export function NestedList(dto: DtoClass, maxSize: number, message?: string): PropertyDecorator {
  const options = { each: true, ...(message === undefined ? {} : { message }) };
  return applyDecorators(IsArray(), ArrayMaxSize(maxSize), IsObject(options), ValidateNested(options), Type(dto));
}
