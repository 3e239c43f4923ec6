import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { pressArtifact, refOf } from './artifact';

describe('an artifact', () => {
  it.each([
    ['nothing', []],
    ['a piece', ['ünï']],
    ['many pieces', Array.from({ length: 50_000 }, (_, n) => `${n},☃`)],
    ['a large piece', ['x'.repeat(1_000_000), 'y']],
  ])('of %s is named by its content', async (_, pieces) => {
    const artifact = await pressArtifact('text/plain', pieces);
    const text = pieces.join('');
    expect(zstdDecompressSync(artifact.body).toString()).toBe(text);
    expect(refOf(artifact)).toEqual({ digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, bytes: Buffer.byteLength(text), mediaType: 'text/plain' });
  });

  it('is none when its text cannot be written', async () => {
    const broken = function* (): Generator<string> {
      yield 'x'.repeat(100_000);
      throw new Error('broken');
    };
    await expect(pressArtifact('text/plain', broken())).rejects.toThrow('broken');
  });
});
