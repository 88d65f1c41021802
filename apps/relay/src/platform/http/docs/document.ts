import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { NOT_REPLAYED } from '../replay-options.js';
import { ProblemDto } from './problem.dto.js';

/** The OpenAPI document, from the controllers and their DTO classes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('PizzaPi relay')
    .setDescription('Watch, steer and trigger coding agents. Errors are RFC 9457 problem details with a stable `code`.')
    .setVersion('1')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, 'key')
    .addCookieAuth('pizzapi.login', { type: 'apiKey', in: 'cookie', name: 'pizzapi.login' }, 'login')
    .addSecurityRequirements('key')
    .addSecurityRequirements('login')
    .addGlobalResponse({
      status: 'default',
      description: 'A problem, as RFC 9457 describes it.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] });
  for (const { post } of Object.values(document.paths)) if (post && !(NOT_REPLAYED in post)) describeReplay(post);
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

/** What the idempotency interceptor does for every POST. */
function describeReplay(operation: Operation): void {
  const header: NonNullable<Operation['parameters']>[number] = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'The same key and body within 24 h get the same answer again; with another body 409 `idempotency_mismatch`.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  operation.parameters = [...(operation.parameters ?? []), header];
}
