import type { OpenApiPart, OwnRoute } from '../routes/route';

const parameter = (place: 'query' | 'header' | 'path', name: string, description: string, schema: OpenApiPart, more: OpenApiPart = {}): OpenApiPart => ({ name, in: place, description, schema, ...more });
const stream = (description: string, example: string): OpenApiPart => ({ description, content: { 'text/event-stream': { schema: { type: 'string' }, example } } });

const NOT_ACCEPTABLE: OpenApiPart = { description: '`not-acceptable`: this is `text/event-stream`.' };
const TOO_MANY: OpenApiPart = { description: '`too-many-streams`: as many are open as one principal may have; `too-many-requests`.' };
const UNAVAILABLE: OpenApiPart = { description: '`streams-full`: as many are open as this gateway takes; `service-unavailable`, `trust-outdated`.' };

const CONTROL = 'A last event `end` without `id` says in its data why the gateway ends the stream (`code`, `message`); a stream that just breaks off was cut. Either way, reconnect with `Last-Event-ID`. Comments are heartbeats.';

export const tailRoute: OwnRoute = {
  method: 'GET',
  path: '/v1/events/tail',
  tag: 'events',
  access: 'token',
  document: {
    operationId: 'tailEvents',
    summary: 'Follow the event log.',
    description: `Server-sent events, as they are logged, in the order of the log and without end. \`id\` is the position in the log, \`event\` the type, \`data\` the CloudEvent in structured JSON. The first event, \`begin\`, tells the position behind which the stream begins. With \`Last-Event-ID\` it goes on behind that position: nothing is left out and nothing comes twice. Who may read some repositories only gets the events whose key is one of them. ${CONTROL}`,
    parameters: [
      parameter('query', 'types', 'Any of these types; may be repeated.', { type: 'array', maxItems: 100, items: { type: 'string', example: 'harvest.completed.v1' } }, { style: 'form', explode: true }),
      parameter('query', 'key', 'Only events with this partition key, which for most is the id of their repository.', { type: 'string' }),
      parameter('query', 'correlationId', 'Only what one request caused.', { type: 'string' }),
      parameter('query', 'after', 'Begin behind this position, `0:0` for everything that there still is; without it, and without `Last-Event-ID`, with the next event.', { type: 'string', example: '1:4711' }),
      parameter('header', 'Last-Event-ID', 'The `id` of the last event that was received. Goes before `after`.', { type: 'string', example: '1:4711' }),
    ],
    responses: {
      '200': stream('The stream.', 'id: 1:4711\nevent: harvest.completed.v1\ndata: {"specversion":"1.0",…}\n\n'),
      '400': { description: '`invalid-request`: a parameter or `Last-Event-ID` is not what it must be.' },
      '403': { description: '`permission-missing`: this needs `event:read`.' },
      '406': NOT_ACCEPTABLE,
      '410': { description: '`position-gone`: nobody can go on there without a gap. Begin anew without `Last-Event-ID`, or with `after=0:0`.' },
      '429': TOO_MANY,
      '503': UNAVAILABLE,
      '504': { description: '`rpc-timeout`' },
    },
  },
};

export const progressRoute: OwnRoute = {
  method: 'GET',
  path: '/v1/jobs/{jobId}/progress',
  tag: 'harvests',
  access: 'token',
  document: {
    operationId: 'followJob',
    summary: 'Follow a harvest job until it has ended.',
    description: `Server-sent events: \`progress\`, with the job as \`GET /v1/jobs/{jobId}\` shows it, at once and whenever it stands differently. After its last state the stream ends; who reconnects then is answered with 204, which tells browsers to stop. ${CONTROL}`,
    parameters: [
      parameter('path', 'jobId', 'The job.', { type: 'string', format: 'uuid' }, { required: true }),
      parameter('header', 'Last-Event-ID', 'The `id` of the last event that was received.', { type: 'string' }),
    ],
    responses: {
      '200': stream('The stream.', 'id: parsing-1-3-40-212\nevent: progress\ndata: {"jobId":"…","state":"parsing",…}\n\n'),
      '204': { description: 'The job has ended, and the client has seen that.' },
      '403': { description: '`permission-missing`: this needs `job:read`.' },
      '404': { description: '`job-not-found`' },
      '406': NOT_ACCEPTABLE,
      '429': TOO_MANY,
      '503': UNAVAILABLE,
      '504': { description: '`rpc-timeout`' },
    },
  },
};

/** The routes that are streams, for the table and for OpenAPI. */
export const streamRoutes: readonly OwnRoute[] = [tailRoute, progressRoute];
