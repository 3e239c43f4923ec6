import { randomUUID } from 'node:crypto';
import { exampleEvent } from '@granary/testing';
import { handIn, urlOf } from '../faults.ts';
import type { Drill } from '../drill.ts';
import { worldOf } from '../world.ts';
import type { World } from '../world.ts';

/** Whose password is guessed, and whose session is stolen. */
const SOMEBODY = 'drilled';
const PASSWORD = ['a long', 'password', 'of a drill'].join(' ');

/** Logins, sessions and money. */
export const peopleDrills: readonly Drill[] = [
  {
    name: 'LoginsLocked',
    fault: 'somebody guesses passwords',
    async begin(world) {
      // Names of people who do not exist are locked like others, by the fifth wrong password. The fifth ones come together.
      const names = Array.from({ length: 5 }, () => `guessed-${randomUUID().slice(0, 8)}`);
      for (let tries = 0; tries < 5; tries++) await Promise.all(names.map((name) => post(world, '/v1/sessions', { tenant: 'default', name, password: `guess ${tries}` })));
    },
    sees: [/auth\.login-failed\.v1/],
  },
  {
    name: 'RefreshTokenReused',
    fault: 'a refresh token is used twice, as after a theft',
    async begin(world) {
      await addSomebody(world);
      const session = (await post(world, '/v1/sessions', { tenant: 'default', name: SOMEBODY, password: PASSWORD })) as { refreshToken: string };
      for (let times = 0; times < 2; times++) await post(world, '/v1/sessions/refresh', { refreshToken: session.refreshToken });
      return { values: { user: SOMEBODY } };
    },
    sees: [/auth\.session-ended/],
  },
  {
    name: 'PriceUnknown',
    fault: 'calls come of a model that no price table knows',
    begin: (world) => callModel(world, `unheard-of-${Date.now()}`),
    sees: [/unheard-of/],
    reads: { model: /(unheard-of-\d+)/ },
  },
  {
    name: 'ModelBudgetPassed',
    fault: 'calls of a model cost more than their budget',
    async begin(world) {
      await world.granary('audit', 'budgets', '--set', 'drill', '--limit', '0.001');
      await callModel(world, 'gpt-drill');
      return { values: { budget: 'drill', limit: '5' }, clear: async () => void (await world.granary('audit', 'budgets', '--remove', 'drill')) };
    },
    sees: [/drill/],
  },
];

async function post(world: World, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${urlOf(world, 'gateway')}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return response.json().catch(() => null);
}

const worldWith = (world: World, env: Readonly<Record<string, string>>): World => worldOf({ ...world, env: { ...world.env, ...env } });

async function addSomebody(world: World): Promise<void> {
  await worldWith(world, { GRANARY_NEW_PASSWORD: PASSWORD }).granary('users', 'add', SOMEBODY, '--role', 'reader');
}

async function callModel(world: World, model: string): Promise<void> {
  for (let call = 0; call < 3; call++) {
    const { data } = exampleEvent('ai.model-invoked.v1');
    await handIn(world, { specversion: '1.0', id: randomUUID(), source: 'urn:agents:local-operator', type: 'ai.model-invoked.v1', partitionkey: 'drill', time: new Date().toISOString(), data: { ...data, invocationId: randomUUID(), model, context: {}, cost: undefined } });
  }
}
