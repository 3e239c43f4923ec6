import { bundle } from './bundle';
import { linesSince } from './log-lines';
import { scrubber, secretsIn, shownSettings, textsIn } from './scrub';
import { tarArchive } from './tar';

const phrase = ['four', 'odd', 'words'].join(' ');

describe('an archive', () => {
  it('is as POSIX says: a block of names and sizes, the content in whole blocks, and two empty ones', () => {
    const archive = tarArchive([{ path: 'a/b.txt', content: Buffer.from('hello') }, { path: 'empty', content: Buffer.alloc(0) }], new Date('2026-03-02T09:30:00.000Z'));
    expect(archive.length).toBe(5 * 512);
    const field = (at: number, length: number) => archive.subarray(at, at + length).toString('latin1').replace(/\0.*$/, '');
    expect([field(0, 100), field(100, 8), field(124, 12), field(136, 12), field(156, 1), field(257, 8)]).toEqual(['a/b.txt', '0000600', '00000000005', '15151254230', '0', 'ustar']);
    const sum = archive.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(Number.parseInt(field(148, 8), 8)).toBe(sum);
    expect(field(512, 512)).toBe('hello');
    expect(() => tarArchive([{ path: 'x'.repeat(101), content: Buffer.alloc(0) }], new Date(0))).toThrow('too long');
  });
});

describe('scrubbing', () => {
  const scrub = scrubber([phrase, `p"w/d${'d'.repeat(8)}`, 'short']);

  it.each([
    ['a.json', JSON.stringify({ apiKey: 'x', nested: [{ note: `it is ${phrase}` }] }), '{\n  "apiKey": "[redacted]",\n  "nested": [\n    {\n      "note": "it is [redacted]"\n    }\n  ]\n}'],
    ['a.log', `{"level":"info","token":"x","url":"https://ada:${'y'.repeat(5)}@example.org"}\nplain ${phrase}\n`, '{"level":"info","token":"[redacted]","url":"https://[redacted]@example.org"}\nplain [redacted]\n'],
    ['a.log', '{"broken": "token=abcdefgh', '{"broken": "token=[redacted]'],
    ['a.json', 'no JSON: password=abcdefgh', 'no JSON: password=[redacted]'],
    ['a.txt', `p"w/d${'d'.repeat(8)} p%22w%2Fd${'d'.repeat(8)} {"x":"p\\"w/d${'d'.repeat(8)}"} short`, '[redacted] [redacted] {"x":"[redacted]"} short'],
  ])('%s %s', (path, text, clean) => {
    expect(scrub(path, text)).toBe(clean);
  });

  it('knows what must not be given away by the names of settings, and shows the others', () => {
    const env = { GRANARY_NATS_PASSWORD: 'a', GRANARY_API_KEY: 'b', GRANARY_NATS_KEY_FILE: '/k', GRANARY_DATABASE_URL: 'postgres://u:p%2Fw@h/d', GRANARY_TENANT: 'acme', HOME: '/root', MY_TOKEN: 'c', EMPTY: undefined };
    expect(secretsIn(env)).toEqual(['a', 'b', 'p/w', 'c']);
    expect(shownSettings(env)).toEqual({ GRANARY_API_KEY: '[redacted]', GRANARY_DATABASE_URL: 'postgres://[redacted]@h/d', GRANARY_NATS_KEY_FILE: '/k', GRANARY_NATS_PASSWORD: '[redacted]', GRANARY_TENANT: 'acme' });
    expect(textsIn({ a: 'x', b: [{ c: 'y' }, null, 3] })).toEqual(['x', 'y']);
  });
});

it('a bundle says what is in it, and what could not be got', () => {
  const facts = { name: 'granary-support-1', granary: '0.1.0', madeAt: new Date('2026-03-02T09:30:00.000Z'), since: new Date('2026-03-02T08:30:00.000Z'), of: 'the data folder /data' };
  const { archive, manifest } = bundle([{ path: 'x.txt', text: `see ${phrase}` }, { path: 'y.json', why: `refused ${phrase}\nfor good` }], scrubber([phrase]), facts);
  expect(manifest).toMatchObject({ format: 1, madeAt: '2026-03-02T09:30:00.000Z', files: [{ path: 'README.md' }, { path: 'x.txt', bytes: 14, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }], missing: [{ path: 'y.json', why: 'refused [redacted]\nfor good' }] });
  const text = archive.toString('utf8');
  expect(text).toContain('- `y.json`: refused [redacted] for good');
  expect(text).not.toContain(phrase);
  expect(bundle([], scrubber([]), facts).archive.toString('utf8')).toContain('Nothing is missing.');
});

it('logs begin with a moment, stacks stay with their line', () => {
  const line = (time: string) => JSON.stringify({ level: 'info', time, msg: 'x' });
  const [old, fresh] = [line('2026-03-02T08:00:00.000Z'), line('2026-03-02T09:00:00.000Z')];
  expect(linesSince(['of a line that was cut', old, '    at old', fresh, '    at fresh'], new Date('2026-03-02T08:30:00.000Z'))).toEqual(['of a line that was cut', fresh, '    at fresh']);
});
