import { checkEvent, eventExamples, type AiOutputRejectedV1Data, type Envelope } from '@granary/contracts';
import { createOutputJudge, type OutputRules } from './judge-output';
import { createOutputValidator } from './output-validator';

const MAIL = ['grace.hopper', 'navy-archive.org'].join('@');
const IBAN = ['DE66', '3704', '0044', '0532', '0173', '91'].join(' ');
// Put together here, so that it stands in no file.
const KEY = ['AKIA', 'Z7QXNV3KD2MTRBWY'].join('');
const schema = { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string', maxLength: 60 }, iban: { type: ['string', 'number'] }, tags: { type: 'array', items: { type: 'string' } } } };

const judged = (text: string, rules?: OutputRules) => createOutputJudge(rules)(text);
const codes = (text: string, rules?: OutputRules) => {
  const result = judged(text, rules);
  return [result.state, ...('reasons' in result ? result.reasons.map(({ check, code }) => `${check} ${code}`) : [])];
};

describe('a text', () => {
  it('is accepted as it is when there is nothing in it', () => {
    expect(judged('A module imports\nanother one.')).toEqual({ state: 'accepted', text: 'A module imports\nanother one.', value: null });
  });

  it('loses personal data, wherever it stands and however often', () => {
    const many = Array.from({ length: 250 }, (_, at) => `${at}: a${at}.${MAIL}`);
    expect(judged(`Write to ${MAIL}, or\nby bank: ${IBAN}.\n\u{1f600} ${MAIL}`)).toEqual({ state: 'redacted', text: 'Write to [email], or\nby bank: [iban].\n\u{1f600} [email]', value: null, reasons: [{ check: 'pii', code: 'email' }, { check: 'pii', code: 'iban' }] });
    expect(judged(many.join('\n'))).toMatchObject({ state: 'redacted', text: many.map((_, at) => `${at}: [email]`).join('\n') });
  });

  it.each<[string, OutputRules, string[]]>([
    [`Use ${KEY} here`, {}, ['rejected', 'secrets aws-access-key-id']],
    [`// granary:allow secret(*) it is fine\nUse ${KEY} here`, {}, ['rejected', 'secrets aws-access-key-id']],
    [`Use ${KEY} here`, { secrets: 'mask' }, ['redacted', 'secrets aws-access-key-id']],
    [`Use ${KEY} here`, { secrets: 'allow' }, ['accepted']],
    [`Write to ${MAIL}`, { personalData: 'reject' }, ['rejected', 'pii email']],
    [`Write to ${MAIL}`, { personalData: 'allow' }, ['accepted']],
    [`Write to ${MAIL}`, { severity: 'high' }, ['accepted']],
    ['x'.repeat(11), { maxBytes: 10 }, ['rejected', 'limits too-large']],
    ['é'.repeat(6), { maxBytes: 11 }, ['rejected', 'limits too-large']],
  ])('%j is judged by the rules %j', (text, rules, expected) => {
    expect(codes(text, rules)).toEqual(expected);
  });
});

describe('an answer with a schema', () => {
  it('is accepted with its value', () => {
    expect(judged('{ "name": "graph" }', { schema })).toEqual({ state: 'accepted', text: '{ "name": "graph" }', value: { name: 'graph' } });
  });

  it.each([
    ['Sure! {"name":"a"}', ['rejected', 'schema not-json']],
    ['{"other":1}', ['rejected', 'schema required', 'schema additional-properties']],
    [`{"name":"${'x'.repeat(61)}"}`, ['rejected', 'schema max-length']],
  ])('%s is told what is wrong, never with a value', (text, expected) => {
    expect(codes(text, { schema })).toEqual(expected);
  });

  it('loses personal data inside of its texts, and still fits', () => {
    expect(judged(JSON.stringify({ name: `Ask\n${MAIL}`, iban: IBAN, tags: [MAIL, 'ok'] }), { schema })).toEqual({
      state: 'redacted', text: '{"name":"Ask\\n[email]","iban":"[iban]","tags":["[email]","ok"]}', value: { name: 'Ask\n[email]', iban: '[iban]', tags: ['[email]', 'ok'] }, reasons: [{ check: 'pii', code: 'email' }, { check: 'pii', code: 'iban' }],
    });
  });

  it('knows by the name of a field what it holds', () => {
    expect(judged('{"phone":"030 901820 12"}', { schema: {} })).toMatchObject({ state: 'redacted', value: { phone: '[phone]' } });
    expect(judged('{"text":"030 901820 12"}', { schema: {} })).toMatchObject({ state: 'accepted' });
  });

  it.each<[string, object, string[]]>([
    ['what cannot be masked: a number', { card_number: 4539578813245674 }, ['rejected', 'pii payment-card', 'policy not-maskable']],
    ['what cannot be masked: a name', { [MAIL]: 1 }, ['rejected', 'pii email', 'policy not-maskable']],
  ])('is rejected with %s', (_, value, expected) => {
    expect(codes(JSON.stringify(value), { schema: {} })).toEqual(expected);
  });

  it('is rejected when it does not fit any more without them', () => {
    expect(codes(JSON.stringify({ mail: MAIL }), { schema: { properties: { mail: { type: 'string', pattern: '@' } } } })).toEqual(['rejected', 'pii email', 'schema pattern']);
  });
});

it('refuses a schema that is none', () => {
  expect(() => createOutputJudge({ schema: { type: 'word' } })).toThrow(expect.objectContaining({ code: 'bad-schema', kind: 'permanent' }) as Error);
});

describe('a validator', () => {
  const answer = { invocationId: 'call-99', provider: 'acme', model: 'large-1', context: { taskId: 'task-1' } };

  it('records what it does not let through, as the contract says, and not a word of it', async () => {
    const recorded: AiOutputRejectedV1Data[] = [];
    const validate = createOutputValidator({ instead: 'retried', record: async (data) => void recorded.push(data) });
    const text = `Use ${KEY}`;
    expect([await validate({ ...answer, text: 'fine' }), await validate({ ...answer, text }), await validate({ ...answer, text: MAIL })].map(({ state }) => state)).toEqual(['accepted', 'rejected', 'redacted']);
    expect(recorded).toEqual([
      { ...answer, responseHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string, reasons: [{ check: 'secrets', code: 'aws-access-key-id' }], action: 'retried' },
      expect.objectContaining({ action: 'redacted', reasons: [{ check: 'pii', code: 'email' }] }),
    ]);
    for (const data of recorded) expect(checkEvent({ ...(eventExamples['ai.output-rejected.v1'] as Envelope), data }, 'strict')).toMatchObject({ ok: true });
    expect(JSON.stringify(recorded)).not.toMatch(new RegExp(`${KEY}|grace`));
  });

  it('lets nothing through that could not be recorded', async () => {
    const validate = createOutputValidator({ rules: { maxBytes: 1 }, record: () => Promise.reject(new Error('away')) });
    await expect(validate({ ...answer, text: 'too long' })).rejects.toThrow('away');
    expect(await validate({ ...answer, text: 'x' })).toMatchObject({ state: 'accepted' });
  });
});
