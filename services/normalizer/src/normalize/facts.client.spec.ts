import type { ArtifactReadResponse } from '@granary/contracts';
import type { RpcClient } from '@granary/messaging';
import { openArtifact, refOf, sealArtifact } from '../artifact/artifact';
import { factsClient } from './facts.client';

const facts = sealArtifact(Buffer.from(JSON.stringify(Array.from({ length: 1_000 }, (_, index) => `path ${index * 7919}`))), 'application/json');
const context = { tenant: 'acme', correlationId: 'c', signal: new AbortController().signal };

/** A harvester that answers with pieces of 100 bytes, changed as told. */
const harvester = (change: (answer: ArtifactReadResponse) => ArtifactReadResponse = (answer) => answer): RpcClient => ({
  call: async (_operation, request) => {
    const { offset } = request as { offset: number };
    const chunk = Buffer.from(facts.body).subarray(offset, offset + 100).toString('base64');
    return change({ digest: facts.digest, bytes: facts.bytes, storedBytes: facts.body.byteLength, encoding: 'zstd', offset, chunk }) as never;
  },
});

it('puts the pieces together', async () => {
  const fetched = await factsClient(harvester(), 1_000_000)(refOf(facts), context);
  expect(openArtifact(fetched).equals(openArtifact(facts))).toBe(true);
});

it.each([
  { says: 'another artifact', change: { digest: `sha256:${'0'.repeat(64)}` } },
  { says: 'another size', change: { bytes: 1 } },
  { says: 'another place', change: { offset: 5 } },
  { says: 'nothing before the end', change: { chunk: '' } },
  { says: 'more than there is', change: { storedBytes: 10 } },
])('refuses $says', async ({ change }) => {
  const fetch = factsClient(harvester((answer) => ({ ...answer, ...change })), 1_000_000);
  await expect(fetch(refOf(facts), context)).rejects.toMatchObject({ kind: 'permanent', code: 'artifact-damaged' });
});

it('refuses more than is allowed, before it asks', async () => {
  await expect(factsClient(harvester(), 10)(refOf(facts), context)).rejects.toMatchObject({ kind: 'permanent', code: 'facts-too-large', message: expect.stringContaining('raise GRANARY_MAX_FACTS') });
});

it('stops when its delivery is over', async () => {
  const fetch = factsClient(harvester(), 1_000_000);
  await expect(fetch(refOf(facts), { ...context, signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
});
