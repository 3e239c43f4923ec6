import { readOpenSchemas, rpcContracts } from '@granary/contracts';
import type { CallRoute } from '../routes/route';
import { callRoutes } from '../routes/table';
import { fieldKinds } from './field-kinds';
import { requestOf, type Asked } from './request-of';

const ID = '01976c2e-8a00-7b3c-9d4e-5f60718293a4';

async function read(name: string, asked: Partial<Asked>): Promise<unknown> {
  const [method, path] = name.split(' ');
  const route = callRoutes.find((one) => one.method === method && one.path === path) as CallRoute;
  const schemas = await readOpenSchemas();
  const reading = requestOf(route, fieldKinds(schemas[rpcContracts[route.operation].request], schemas), { params: {}, query: {}, body: undefined, ifMatch: undefined, ...asked }, 'acme');
  if (reading.state === 'flawed') return reading.flaws.map(({ in: place, pointer }) => `${place} ${pointer}`);
  return reading.state === 'read' ? reading.request : reading.state;
}

it.each<[string, string, Partial<Asked>, unknown]>([
  ['texts of the query become numbers', 'GET /v1/jobs', { query: { limit: '5', state: 'failed' } }, { limit: 5, state: 'failed' }],
  ['and truth', 'GET /v1/repositories/{repository}/graph/dependents', { params: { repository: 'shop' }, query: { target: 'a', transitive: 'true' } }, { repository: 'shop', target: 'a', transitive: true }],
  ['and lists, from one or several', 'GET /v1/graph/search', { query: { query: 'a', kinds: 'module' } }, { query: 'a', kinds: ['module'] }],
  ['numbers of the path', 'GET /v1/services/normalizer/held/{consumer}/{position}', { params: { consumer: 'normalizer', position: '12' } }, { consumer: 'normalizer', position: 12 }],
  ['the tenant is that of the token', 'GET /v1/events', { query: { cursor: '1:4711' } }, { tenant: 'acme', after: { epoch: 1, sequence: 4711 } }],
  ['a cursor goes where the order leads', 'GET /v1/events', { query: { cursor: '1:4711', order: 'desc' } }, { tenant: 'acme', order: 'desc', before: { epoch: 1, sequence: 4711 } }],
  ['a version comes as If-Match', 'PUT /v1/principals/{principal}/grants', { params: { principal: 'ada' }, body: { grants: [] }, ifMatch: '"v3-abc_d"' }, { principal: 'ada', version: 3, grants: [] }],
  ['and has to', 'PUT /v1/principals/{principal}/grants', { params: { principal: 'ada' }, body: { grants: [] } }, 'version-missing'],
  ['but not as any text', 'PUT /v1/principals/{principal}/grants', { params: { principal: 'ada' }, body: { grants: [] }, ifMatch: '*' }, 'version-missing'],
  ['no body is no field', 'POST /v1/harvests', {}, {}],
  ['nobody names the tenant', 'GET /v1/events', { query: { tenant: 'umbra' } }, ['query /tenant']],
  ['nor what stands in the path', 'DELETE /v1/repositories/{repository}', { params: { repository: 'shop' }, body: { repository: 'other' } }, ['body /repository']],
  ['nor the version', 'PUT /v1/principals/{principal}/grants', { params: { principal: 'ada' }, body: { grants: [], version: 1 }, ifMatch: '"v3"' }, ['body /version']],
  ['nor somebody else', 'PUT /v1/me/password', { body: { new: 'four words of chance', principal: 'ada' } }, ['body /principal']],
  ['nor what is unknown', 'POST /v1/repositories', { body: { location: '/x', 'a/b': 1, ['__proto__']: 1 } }, ['body /a~1b', 'body /__proto__']],
  ['a write has no query', 'POST /v1/harvests', { query: { force: '1' } }, ['query /force']],
  ['what has one value is given once', 'GET /v1/jobs', { query: { limit: ['1', '2'] } }, ['query /limit']],
  ['wrong types stay wrong', 'GET /v1/jobs', { query: { limit: '1e3' } }, ['query /limit']],
  ['wrong ids are told as part of the path', 'GET /v1/jobs/{jobId}', { params: { jobId: 'x' } }, ['path /jobId']],
  ['a cursor that is none', 'GET /v1/events', { query: { cursor: '1' } }, ['query /cursor']],
  ['a body that is no object', 'POST /v1/repositories', { body: ['x'] }, ['body ']],
  ['what no database keeps', 'POST /v1/repositories', { body: { location: '/a\0' } }, ['body /location']],
  ['right ids', 'GET /v1/jobs/{jobId}', { params: { jobId: ID } }, { jobId: ID }],
])('%s', async (_what, name, asked, expected) => {
  expect(await read(name, asked)).toEqual(expected);
});
