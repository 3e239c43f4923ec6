import type { OpenApiPart, OwnRoute } from '../routes/route';
import { MOST_BATCH_EVENTS, MOST_DATA_BYTES } from './foreign';
import { REFUSAL_CODES } from './refusal';

const event: OpenApiPart = {
  type: 'object',
  description: 'An event of CloudEvents 1.0. What is left out is filled in; extensions that are not listed are refused.',
  required: ['specversion', 'id', 'source', 'type', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', pattern: '^[!-~]{1,128}$', description: 'Unique for its source. A UUID of version 7 becomes the id in Granary; another one is kept as `foreignid`.' },
    source: { type: 'string', description: '`urn:agents:<name of the principal>`, perhaps followed by `/` and more.' },
    type: { type: 'string', description: 'A type that the gateway admits, such as `task.started.v1`.' },
    time: { type: 'string', format: 'date-time', description: 'By default the moment of admission.' },
    datacontenttype: { type: 'string', description: '`application/json`, which is the default.' },
    dataschema: { type: 'string', description: 'By default the newest version of the major that the type names.' },
    subject: { type: 'string', minLength: 1, maxLength: 512 },
    tenantid: { type: 'string', description: 'The tenant of the caller, which is the default.' },
    correlationid: { type: 'string', description: 'By default the id of the event.' },
    causationid: { type: 'string' },
    partitionkey: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,128}$', description: 'Events of one tenant and key keep their order. By default one key for each source.' },
    traceparent: { type: 'string', description: 'By default the trace of the request.' },
    baggage: { type: 'string', description: 'The ids of workspace, task, agent and run: `granary.workspace=…,granary.task=…`. By default those of the header `baggage`.' },
    data: { type: 'object', description: `In the shape of its contract, at most ${MOST_DATA_BYTES} bytes.` },
  },
};

const admitted: OpenApiPart = {
  type: 'object',
  required: ['state', 'sequence', 'duplicate'],
  additionalProperties: false,
  properties: {
    state: { const: 'admitted' },
    id: { type: 'string', description: 'The id of the event in Granary. Missing on a repeat that names no `time` and has no UUID of version 7: that id was made of the moment at which the first one came.' },
    sequence: { type: 'integer', minimum: 1, description: 'Its place in the stream; of a repeat, the place of the first one.' },
    duplicate: { type: 'boolean', description: 'An event of this source and id is stored already. This one was not stored, nor compared with it.' },
  },
};

const refused: OpenApiPart = {
  type: 'object',
  required: ['state', 'kind', 'code', 'message', 'pointer'],
  additionalProperties: false,
  properties: {
    state: { const: 'refused' },
    kind: { enum: ['transient', 'permanent'], description: 'Whether the same event may be admitted later.' },
    code: { enum: REFUSAL_CODES },
    message: { type: 'string', description: 'What is wrong and what to do. Never a value of the event.' },
    pointer: { type: 'string', description: 'Where, as a JSON pointer (RFC 6901) into the event; empty for all of it.' },
  },
};

const batchOf = (answer: OpenApiPart): OpenApiPart => ({ type: 'array', maxItems: MOST_BATCH_EVENTS, items: answer });
const json = (schema: OpenApiPart): OpenApiPart => ({ content: { 'application/json': { schema } } });

/** Where programs that are no services of Granary hand in their events. */
export const publishRoute: OwnRoute = {
  method: 'POST',
  path: '/v1/events',
  tag: 'events',
  access: 'token',
  document: {
    operationId: 'publishEvents',
    summary: 'Hand in events of another program.',
    description:
      'Takes events as CloudEvents 1.0.2 says for HTTP: structured, in batches, or binary (attributes as `ce-…` headers, the data as body). ' +
      'Needs the permission `event:publish`. An event is checked against its contract and against who hands it in, and stored before it is answered. ' +
      'What is refused is stored nowhere. Whoever does not know whether an event arrived sends it again with the same id: within two minutes it is not stored a second time.',
    parameters: ['specversion', 'id', 'source', 'type'].map((name) => ({ name: `ce-${name}`, in: 'header', description: `Binary mode: ${name}. The other attributes likewise.`, schema: { type: 'string' } })),
    requestBody: {
      required: true,
      content: {
        'application/cloudevents+json': { schema: event },
        'application/cloudevents-batch+json': { schema: { type: 'array', maxItems: MOST_BATCH_EVENTS, items: event } },
        'application/json': { schema: { type: 'object', description: 'Binary mode: the data alone.' } },
      },
    },
    responses: {
      202: { description: 'Stored: the event, or every event of the batch in its order.', ...json({ oneOf: [admitted, batchOf(admitted)] }) },
      207: { description: 'Some events of the batch were refused, which are not stored; the others are. One answer for each, in the order of the batch.', ...json(batchOf({ oneOf: [admitted, refused] })) },
      400: { description: '`malformed-event`: what was sent cannot be read as an event.' },
      403: { description: '`permission-missing`, `tenant-differs`, `source-differs`: not in the name of others. `type-not-admitted`: a service of Granary alone announces it.' },
      413: { description: '`event-too-large`, `batch-too-large`, `body-too-large`.' },
      415: { description: '`unsupported-format`: events and their data are JSON.' },
      422: { description: '`envelope-invalid`, `attribute-unknown`, `attribute-reserved`, `contract-unknown`, `data-invalid`, `time-implausible`; `errors` says where.' },
      500: { description: '`stream-refused`: the log of the gateway says why.' },
      503: { description: '`admission-busy`, `stream-unavailable`, `trust-outdated`: send it again, with the same id.' },
    },
  },
};
