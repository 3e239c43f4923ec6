import { waitFor } from '@granary/testing';
import type { Drill } from '../drill.ts';
import { lockTable, urlOf } from '../faults.ts';
import type { World } from '../world.ts';

/** What somebody did, and somebody else has to decide about. */
export const decisionDrills: readonly Drill[] = [
  {
    name: 'ReplayGoneWrong',
    alert: null,
    fault: 'somebody replays everything to the normalizer, and it stands, because a session keeps the tables of the normalizer to itself',
    async begin(world) {
      const { job } = await world.granary<{ job: { jobId: string } }>('replay', 'plan', 'normalizer', '--rate', '1', '--reason', 'drill');
      const locked = await lockTable(world, 'normalizer.inbox');
      await world.granary('replay', 'start', job.jobId);
      return locked;
    },
    sees: [/0 of \d+ events? handled/],
    reads: { job: /^([0-9a-f-]{36}) +normalizer +\S+ +running/m },
  },
  {
    name: 'CredentialsLeaked',
    alert: null,
    fault: 'an API key is where it should not be, and somebody uses it',
    async begin(world) {
      const { key } = await world.granary<{ key: string }>('keys', 'issue', LEAKED, '--scope', 'repository:read');
      const status = await statusWith(world, key);
      if (status !== 200) throw new Error(`the key is answered ${status}`);
      // What is revoked is let in for 5 s yet.
      return { ended: async () => void (await waitFor(async () => (await statusWith(world, key)) === 401, { timeoutMs: 10_000, everyMs: 500, what: 'the key that was revoked to be refused' })) };
    },
    otherwise: /keys revoke/,
    sees: [/auth\.key-used\.v1/],
    reads: { id: /^(\S+) +leaked-in-a-drill /m },
  },
];

const LEAKED = 'leaked-in-a-drill';

/** How whoever has found a key is answered. */
async function statusWith(world: World, key: string): Promise<number> {
  const response = await fetch(`${urlOf(world, 'gateway')}/v1/repositories`, { headers: { authorization: `Bearer ${key}` } });
  await response.arrayBuffer();
  return response.status;
}
