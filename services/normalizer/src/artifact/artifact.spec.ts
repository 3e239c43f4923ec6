import { openArtifact, refOf, sealArtifact } from './artifact';

const content = Buffer.from('{"a":1}'.repeat(100));
const artifact = sealArtifact(content, 'text/plain');

it('gives back what was sealed, under the digest of the content', () => {
  expect(openArtifact(artifact).equals(content)).toBe(true);
  expect(artifact.body.byteLength).toBeLessThan(content.byteLength);
  expect(refOf(artifact)).toEqual({ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), bytes: 700, mediaType: 'text/plain' });
});

it('takes an empty content', () => {
  expect(openArtifact(sealArtifact(Buffer.alloc(0), 'text/plain')).byteLength).toBe(0);
});

it.each([
  { says: 'another content', damaged: { ...artifact, body: sealArtifact(Buffer.from('x'.repeat(700)), '').body }, why: 'its content has the digest' },
  { says: 'fewer bytes', damaged: { ...artifact, bytes: 701 }, why: 'it holds 700 bytes instead of 701' },
  { says: 'more bytes than announced', damaged: { ...artifact, bytes: 699 }, why: 'it cannot be decompressed to the announced size' },
  { says: 'not compressed at all', damaged: { ...artifact, body: content }, why: 'it cannot be decompressed' },
])('refuses $says', ({ damaged, why }) => {
  expect(() => openArtifact(damaged)).toThrow(expect.objectContaining({ kind: 'permanent', code: 'artifact-damaged', message: expect.stringContaining(why) }));
});
