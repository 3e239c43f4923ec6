import { readOpenSchemas } from '@granary/contracts';
import { publishRoute } from '../admission/route';
import { callRoutes, offered, withoutRoute } from '../routes/table';
import { isCall } from '../routes/route';
import { streamRoutes } from '../stream/stream-routes';
import { healthRoute } from '../health/health.controller';
import { documentRoute } from './document.controller';
import { openApiDocument } from './openapi';

type Document = { paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string; schema: unknown }[]; requestBody?: { content: Record<string, { schema: unknown }> }; responses: Record<string, { description: string }> }>> };

const document = async () => openApiDocument({ routes: [...callRoutes, ...streamRoutes, publishRoute, documentRoute, healthRoute], schemas: await readOpenSchemas(), version: '1.0.0' }) as unknown as Document;

it('is valid, as OpenAPI 3.1', async () => {
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(await document())));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

it('is the same each time, and names each operation once', async () => {
  const first = await document();
  expect(await document()).toEqual(first);
  const ids = Object.values(first.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
});

it('has a route for everything that people may ask for, or a reason', () => {
  const routed = new Set<string>(callRoutes.filter(isCall).map(({ operation }) => operation));
  expect(offered.filter((operation) => !routed.has(operation) && withoutRoute[operation] === undefined)).toEqual([]);
  expect(Object.keys(withoutRoute).filter((operation) => routed.has(operation))).toEqual([]);
});

it('tells of a write what it takes, where, and what it answers', async () => {
  const route = (await document()).paths['/v1/principals/{principal}/grants']?.['put'];
  expect(route?.parameters?.map(({ name, in: place }) => `${place} ${name}`)).toEqual(['path principal', 'header If-Match', 'header Idempotency-Key']);
  expect(route?.requestBody?.content['application/json']?.schema).toMatchObject({ additionalProperties: false, required: ['grants'] });
  expect(Object.keys(route?.responses ?? {})).toEqual(['200', '400', '401', '403', '404', '406', '409', '412', '413', '415', '422', '428', '429', '503', '504', 'default']);
  expect(route?.responses['412']?.description).toBe('`changed-meanwhile`');
});
