import { checkpointText, momentLines, momentOf, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint';
import { EMPTY_ROOT, leafHash } from './hash';
import { openNoteSigner } from './note';
import { formatProof, parseProof } from './proof-text';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
/** The example of C2SP tlog-checkpoint. */
const PUBLISHED = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
const signer = openNoteSigner('granary.example/events', Buffer.alloc(32, 1));
const MOMENT = { time: new Date('2026-03-02T10:00:00Z'), epoch: 2, sequence: 41 };
const CHECKPOINT = { origin: 'granary.example/events', size: 42, root: leafHash('root'), extensions: momentLines(MOMENT) };

it('reads a published checkpoint, and writes it back', () => {
  expect(parseCheckpoint(PUBLISHED)).toEqual({ origin: 'example.com/behind-the-sofa', size: 20_852_163, root: Buffer.from(ROOT, 'base64'), extensions: [] });
  expect(checkpointText(parseCheckpoint(PUBLISHED))).toBe(PUBLISHED);
});

it('signs a checkpoint with its moment, and opens it', () => {
  const note = signCheckpoint(CHECKPOINT, [signer]);
  expect(note.split('\n').slice(0, 6)).toEqual(['granary.example/events', '42', CHECKPOINT.root.toString('base64'), 'time 2026-03-02T10:00:00.000Z', 'epoch 2', 'sequence 41']);
  const opened = openCheckpoint(note, [signer.key]);
  expect(opened).toEqual({ checkpoint: CHECKPOINT, keys: [signer.key] });
  expect(momentOf(opened.checkpoint)).toEqual(MOMENT);
  expect(() => openCheckpoint(note.replace('\n42\n', '\n43\n'), [signer.key])).toThrow('were changed');
});

it('has a checkpoint of an empty log', () => {
  const empty = { origin: 'a', size: 0, root: EMPTY_ROOT, extensions: [] };
  expect(parseCheckpoint(checkpointText(empty))).toEqual(empty);
});

it.each([
  ['a leading zero', PUBLISHED.replace('2085', '02085'), 'is not the size of a tree'],
  ['a size below nothing', PUBLISHED.replace('2085', '-2085'), 'is not the size of a tree'],
  ['a size beyond numbers', PUBLISHED.replace('2085', '99999999992085'), 'is not the size of a tree'],
  ['a short root', PUBLISHED.replace(ROOT, 'CsUYag=='), 'no base64 of 32 bytes'],
  ['a root that is no base64', PUBLISHED.replace(ROOT, '?'), 'no base64 of 32 bytes'],
  ['no origin', PUBLISHED.replace('example.com/behind-the-sofa', ''), 'it needs origin, size and root'],
  ['two lines', 'a\n1\n', 'no base64'],
  ['an empty line', `${PUBLISHED}\nx\n`, 'no empty line'],
  ['no last line break', PUBLISHED.slice(0, -1), 'it needs origin, size and root'],
])('refuses a checkpoint with %s', (_what, text, why) => {
  expect(() => parseCheckpoint(text)).toThrow(why);
});

it('does not sign what is no checkpoint', () => {
  expect(() => signCheckpoint({ ...CHECKPOINT, extensions: ['', 'x'] }, [signer])).toThrow('no empty line');
});

it.each([
  ['nothing', []],
  ['another order', ['epoch 2', 'time 2026-03-02T10:00:00.000Z', 'sequence 41']],
  ['another day', ['time 2026-02-30T10:00:00.000Z', 'epoch 2', 'sequence 41']],
  ['a time of another form', ['time 2026-03-02T10:00:00Z', 'epoch 2', 'sequence 41']],
  ['a negative sequence', ['time 2026-03-02T10:00:00.000Z', 'epoch 2', 'sequence -1']],
  ['a line more', [...CHECKPOINT.extensions, 'x']],
  ['lines in one', [CHECKPOINT.extensions.join('\n'), 'x', 'y']],
])('does not take %s for a moment', (_what, extensions) => {
  expect(() => momentOf({ ...CHECKPOINT, extensions })).toThrow('does not say when it was');
});

describe('a proof as text', () => {
  const proof = { index: 7, proof: [leafHash('a'), leafHash('b')], checkpoint: signCheckpoint(CHECKPOINT, [signer]) };

  it.each([{ what: 'alone', written: proof }, { what: 'without hashes', written: { ...proof, proof: [] } }, { what: 'with something extra', written: { ...proof, extra: Buffer.from('the leaf') } }])('$what is read as it was written', ({ written }) => {
    expect(parseProof(formatProof(written))).toEqual(written);
  });

  it.each([
    ['another beginning', (text: string) => text.replace('@v1', '@v2'), 'does not begin with c2sp.org/tlog-proof@v1'],
    ['no checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n')), 'has no checkpoint'],
    ['no place', (text: string) => text.replace('index 7\n', ''), 'which leaf'],
    ['a place with a leading zero', (text: string) => text.replace('index 7', 'index 07'), 'which leaf'],
    ['half a hash', (text: string) => text.replace(leafHash('a').toString('base64'), 'AAAA'), "'AAAA' is no base64 of 32 bytes"],
    ['extra that is no base64', (text: string) => text.replace('index 7', 'extra !\nindex 7'), 'extra is no base64'],
    ['too many hashes', (text: string) => text.replace('index 7\n', `index 7\n${`${ROOT}\n`.repeat(70)}`), '72 hashes'],
  ])('is refused with %s', (_what, change, why) => {
    expect(() => parseProof(change(formatProof(proof)))).toThrow(why);
  });
});
