import { blobsInPack } from './blobs-in-pack';

const [a, b, c] = ['a'.repeat(40), 'b'.repeat(64), 'c'.repeat(40)] as const;
const text = `{"version":1,"files":[{"path":"x","blob":"${a}"},{"path":"an \\"odd\\",\\"blob\\":\\"${c}\\" name","blob":"${b}"}],"modules":[{"path":"y","blob":"${c}"}]}`;

it.each([1, 7, 50, 1_000])('finds the blobs of every file in pieces of %i, and nothing that is not a file', async (length) => {
  async function* pieces() {
    for (let start = 0; start < text.length; start += length) yield text.slice(start, start + length);
  }
  const found: string[] = [];
  for await (const blobs of blobsInPack(pieces())) found.push(...blobs);
  expect(found).toEqual([a, b]);
});
