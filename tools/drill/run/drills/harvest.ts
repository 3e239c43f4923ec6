import { renameSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import { repositoryOf } from '../faults.ts';

/** Repositories and harvests. */
export const harvestDrills: readonly Drill[] = [
  {
    name: 'HarvestsFailing',
    fault: 'a repository is moved away, and harvested',
    async begin(world) {
      const { path } = world.repository;
      renameSync(path, `${path}-away`);
      const back = () => renameSync(`${path}-away`, path);
      let isBack = false;
      const mended = () => {
        if (!isBack) back();
        isBack = true;
      };
      for (let times = 0; times < 4; times++) await world.granary('harvest', repositoryOf(world), '--wait').catch(() => undefined);
      return { values: { repo: repositoryOf(world), location: path }, mended, clear: mended };
    },
  },
  {
    name: 'RepositoriesWithheld',
    fault: 'a key is committed, and the gate withholds the commit',
    async begin(world) {
      await world.granary('secrets', 'gate', '--mode', 'block');
      // Put together here, so that no file of this repository holds what looks like a key.
      const key = `AKIA${'Q3EGRZ7LHVTBN2WD'}`;
      await world.repository.commit({ 'deploy.env': `AWS_ACCESS_KEY_ID=${key}\nAWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI9K7MDENG7bPxRfi'}${'CYzQ4mTkP2sV'}\n` });
      return {
        values: { repo: repositoryOf(world) },
        clear: async () => {
          await world.granary('secrets', 'gate', '--mode', 'warn');
          await world.repository.commit({ 'deploy.env': null });
        },
      };
    },
    reads: { finding: /([0-9a-f]{32})/ },
  },
];
