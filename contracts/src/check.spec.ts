import { checkEvent, checkRpc, checkShape, isEventType, isRpcOperation } from './check';
import { eventExamples, rpcExamples } from './generated/examples';
import { accessDocuments, eventContracts, sensitiveFields } from './generated/tables';

const completed = eventExamples['harvest.completed.v1'];
const withData = (data: object): unknown => ({ ...completed, data: { ...completed.data, ...data } });
const problems = (value: unknown): string[] => {
  const checked = checkEvent(value, 'strict');
  return checked.ok ? [] : checked.problems;
};

describe('checkEvent', () => {
  test.each<[string, unknown, string[]]>([
    ['an attribute', { ...completed, time: 'yesterday' }, ['/time']],
    ['a field of the data', { ...completed, data: { ...completed.data, tier: 4, extra: 1 } }, ['/data/extra', '/data/tier']],
    ['a type without a contract', { ...completed, type: 'harvest.invented.v1' }, ['/type']],
    ['a version that does not exist', { ...completed, dataschema: 'granary:event/harvest/completed/9.0.0' }, ['/dataschema']],
  ])('points to %s', (_, value, pointers) => {
    expect(checkEvent(value, 'strict')).toMatchObject({ ok: false, pointers: expect.arrayContaining(pointers) as string[] });
  });

  test('gives back the event it was given', () => {
    expect(checkEvent(completed, 'strict')).toEqual({ ok: true, event: completed });
  });

  test.each<[string, unknown, string[]]>([
    ['a wrong type', withData({ files: { ...completed.data.files, total: 'many' } }), ['data.files.total must be integer']],
    ['a wrong item', withData({ languages: [{ language: 'typescript', files: -1, bytes: 2 }] }), ['data.languages[0].files must be at least 0']],
    ['a missing field', withData({ commit: undefined }), ['data.commit is required']],
    ['an unknown field', withData({ colour: 'red' }), ['data has the unknown field colour']],
    ['a value outside the list', withData({ tier: 4 }), ['data.tier must be one of 1, 2, 3']],
    ['a malformed id', withData({ jobId: '7' }), ['data.jobId must be a UUID of version 7 in lower case']],
    ['a malformed nullable', withData({ base: 'main' }), ['data.base must be 40 or 64 lower-case hexadecimal digits, as git names objects or null']],
    ['a malformed moment', withData({ committedAt: 'yesterday' }), ['data.committedAt must be a moment as RFC 3339 writes it, such as 2026-03-02T09:14:02Z']],
    ['a day that does not exist', withData({ committedAt: '2026-02-30T10:00:00Z' }), ['data.committedAt must be a moment as RFC 3339 writes it, such as 2026-03-02T09:14:02Z']],
    ['too long a text', withData({ tierReasons: ['x'.repeat(513)] }), ['data.tierReasons[0] must have at most 512 characters']],
    ['an empty text', { ...completed, subject: '' }, ['subject must have at least 1 characters']],
    ['a source with a character that no database takes', { ...completed, source: 'granary\u0000' }, ['source must be 1 to 256 printable ASCII characters without spaces']],
    ['too many items', withData({ tierReasons: Array(101).fill('slow') }), ['data.tierReasons must have at most 100 items']],
    ['another version of CloudEvents', { ...completed, specversion: '0.3' }, ['specversion must be "1.0"']],
    ['half a seal', { ...completed, sealkeyid: 'k1' }, ['sealedfields is required beside sealkeyid']],
    ['no object at all', 'harvest.completed.v1', ['the event must be object']],
    ['nothing inside', { ...completed, data: null }, ['data must be object']],
    ['an unknown extension', { ...completed, colour: 'red' }, ['the event has the unknown field colour']],
    ['an unknown type', { ...completed, type: 'harvest.dreamt.v1' }, ['type harvest.dreamt.v1 has no contract; add one in contracts/events, or correct the type']],
    ['a name of Object as its type', { ...completed, type: 'constructor' }, ['type constructor has no contract; add one in contracts/events, or correct the type']],
    ['the schema of another type', { ...completed, dataschema: eventContracts['harvest.started.v1'].dataschema }, ['dataschema must be a known version of harvest.completed.v1, such as granary:event/harvest/completed/1.0.0']],
    ['a key that is no token', { ...completed, partitionkey: 'a.b' }, ['partitionkey must be 1 to 128 letters, digits, `_` or `-`']],
  ])('says what is wrong: %s', (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  test('says all that is wrong together, at most 20 sentences', () => {
    expect(problems(withData({ tier: 4, commit: 1 }))).toEqual(['data.commit must be string', 'data.tier must be one of 1, 2, 3']);
    expect(problems(withData(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`unknown${n}`, n]))))).toHaveLength(20);
  });

  test('never repeats a value, which may be secret', () => {
    expect(problems(withData({ jobId: 'hunter2', name: 7, commit: 'hunter2' })).join()).not.toContain('hunter2');
  });

  test('a newer version of the same major is read by what is known, and not written', () => {
    const newer = { ...completed, dataschema: 'granary:event/harvest/completed/1.9.0', data: { ...completed.data, colour: 'red' } };
    expect(checkEvent(newer, 'tolerant')).toEqual({ ok: true, event: newer });
    expect(checkEvent({ ...newer, data: {} }, 'tolerant').ok).toBe(false);
    expect(checkEvent(newer, 'strict').ok).toBe(false);
  });

  test('another major is not read', () => {
    expect(checkEvent({ ...completed, dataschema: 'granary:event/harvest/completed/10.0.0' }, 'tolerant').ok).toBe(false);
  });

  test('sealed fields are named in the envelope', () => {
    expect(problems({ ...completed, sealkeyid: 'k1', sealedfields: '/name /languages/0/language' })).toEqual([]);
    expect(problems({ ...completed, sealkeyid: 'k1', sealedfields: 'name' })).toEqual(['sealedfields must be JSON pointers separated by single spaces']);
  });
});

describe('checkRpc', () => {
  const { request, response } = rpcExamples['harvester.repository.add'];

  test('gives back the value it was given', () => {
    expect(checkRpc('harvester.repository.add', 'request', request, 'strict')).toEqual({ ok: true, value: request });
  });

  test('says which side is wrong', () => {
    expect(checkRpc('harvester.repository.add', 'request', {}, 'strict')).toEqual({ ok: false, problems: ['request.location is required'] });
    expect(checkRpc('harvester.repository.add', 'response', { ...response, created: 1 }, 'tolerant')).toEqual({ ok: false, problems: ['response.created must be boolean'] });
  });

  test('checks a protocol for the service that serves it', () => {
    expect(checkRpc('normalizer.held.show', 'request', { consumer: 'normalizer' }, 'strict')).toEqual({ ok: false, problems: ['request.position is required'] });
  });
});

test('checkShape says what is wrong in the shape', () => {
  expect(checkShape('artifact-ref', { digest: 'md5:1', bytes: 1, mediaType: 'text/plain' }, 'strict')).toEqual({ ok: false, problems: ['artifact-ref.digest must be `sha256:` and 64 lower-case hexadecimal digits'] });
  const twice = { ...accessDocuments['gateway'], calls: ['harvester.job.show', 'harvester.job.show'] };
  expect(checkShape('access-document', twice, 'strict')).toEqual({ ok: false, problems: ['access-document.calls must not name the same item twice'] });
});

test('types and operations are known by their contracts', () => {
  expect([isEventType('harvest.completed.v1'), isEventType('harvest.completed.v9'), isEventType('toString')]).toEqual([true, false, false]);
  expect([isRpcOperation('normalizer.held.list'), isRpcOperation('held.list')]).toEqual([true, false]);
});

test('sensitive fields are listed by schema', () => {
  expect(sensitiveFields['granary:rpc/harvester/repository/add/1.0.0/request']).toEqual([{ pointer: '/location', sensitivity: 'secret' }]);
  expect(sensitiveFields['granary:rpc/auth/session/create/1.0.0/request']).toEqual([
    { pointer: '/name', sensitivity: 'secret' },
    { pointer: '/password', sensitivity: 'secret' },
  ]);
  expect(sensitiveFields['granary:rpc/auth/principal/list/1.0.0/response']).toEqual([{ pointer: '/principals/*/name', sensitivity: 'pii' }]);
});

test('no event of auth has a secret in it, or what somebody typed', () => {
  expect(Object.keys(sensitiveFields).filter((id) => id.startsWith('granary:event/auth/'))).toEqual([]);
});

describe('what agent platforms publish', () => {
  const invoked = eventExamples['ai.model-invoked.v1'];
  const used = (usage: object): unknown => ({ ...invoked, data: { ...invoked.data, usage } });

  test.each<[string, object, string[]]>([
    ['every kind of token', { input: 9, output: 4, 'cache_read.input': 3, 'cache_write.input': 2, 'reasoning.output': 1 }, []],
    ['a kind that nobody has a price for', { input: 9, 'audio.input': 4 }, ['data.usage has the unknown field audio.input']],
    ['half a token', { input: 9.5 }, ['data.usage.input must be integer']],
  ])('counts %s', (_, usage, expected) => {
    expect(problems(used(usage))).toEqual(expected);
  });

  test('has no room for the text of a prompt or an answer', () => {
    expect(problems({ ...invoked, data: { ...invoked.data, prompt: 'hello', response: 'hi' } })).toEqual(['data has the unknown field prompt', 'data has the unknown field response']);
    expect(problems({ ...invoked, data: { ...invoked.data, promptHash: 'hello' } })).toEqual(['data.promptHash must be `sha256:` or `hmac-sha256:` and 64 lower-case hexadecimal digits or null']);
  });

  test.each([-0.1, 1.1, 'low'])('a safety score is no %j', (score) => {
    const checked = eventExamples['safety.checked.v1'];
    expect(problems({ ...checked, data: { ...checked.data, score } })).toHaveLength(1);
  });

  test('marks every field in which people and programs write freely', () => {
    const marked = Object.entries(sensitiveFields).flatMap(([id, fields]) => (/^granary:event\/(task|agent|error)\//.test(id) ? fields.map(({ pointer, sensitivity }) => `${id.split('/').slice(1, 3).join('.')} ${pointer} ${sensitivity}`) : []));
    expect(marked).toEqual(expect.arrayContaining(['task.created /description pii', 'task.failed /message pii', 'agent.message /text pii', 'agent.thinking /summary pii', 'error.occurred /stack pii']));
  });

  test('is admitted by the gateway, which announces none of the facts of the services', () => {
    expect(accessDocuments['gateway']?.produces.filter((type) => eventContracts[type].owner !== 'gateway')).toEqual([]);
    expect([eventContracts['pii.handled.v1'].owner, eventContracts['pii.detected.v1'].owner]).toEqual(['gateway', 'harvester']);
  });
});
