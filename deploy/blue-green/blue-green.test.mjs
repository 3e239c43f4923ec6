// Two sets that are one small server each; what happens to them is noted in a file. `rehearse.mjs` does it with real services.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { change } from './blue-green.mjs';
import { problemsOf } from './plan.mjs';

const folder = mkdtempSync(join(tmpdir(), 'granary-blue-green-'));
const servers = [];
after(() => {
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true });
});

const listen = async (answer) => {
  const server = createServer((request, response) => {
    const [status, body] = answer(request.url);
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
};

const well = (url) => (url === '/v1/openapi.json' ? [200, { openapi: '3.1.0' }] : [200, { status: 'healthy' }]);

/** @returns a plan whose commands are noted, and what was noted */
async function scene({ green = well, left = () => 0.9, smoke } = {}) {
  const name = `run-${servers.length}`;
  const notes = join(folder, `${name}.log`);
  writeFileSync(notes, '');
  const note = (what) => ['sh', '-c', `echo ${what} $GRANARY_SET >> ${notes}`];
  const set = async (answer) => ((url) => ({ start: note('start'), drain: note('drain'), stop: note('stop'), services: [url], gateway: url }))(await listen(answer));
  const prometheus = await listen(() => [200, { status: 'success', data: { result: [{ metric: { objective: 'availability' }, value: [0, String(left())] }] } }]);
  const plan = { sets: { blue: await set(well), green: await set(green) }, switch: note('switch'), state: join(folder, `${name}.live`), prometheus, readyWithinMs: 50, watchMs: 20, everyMs: 10, ...(smoke && { smoke }) };
  return { plan, noted: () => readFileSync(notes, 'utf8').trim().split('\n').filter(Boolean), live: () => readFileSync(plan.state, 'utf8').trim() };
}

const quiet = { say: () => undefined };

test('a good set takes over, and the next change goes back', async () => {
  const { plan, noted, live } = await scene({ smoke: ['sh', '-c', 'test "$GRANARY_SET" != ""'] });
  assert.deepEqual(await change(plan, quiet), { outcome: 'changed', live: 'green' });
  assert.deepEqual([noted(), live()], [['start green', 'switch green', 'drain blue', 'stop blue'], 'green']);
  assert.deepEqual(await change(plan, quiet), { outcome: 'changed', live: 'blue' });
});

test('a set that fails its smoke test never serves', async () => {
  const { plan, noted } = await scene({ green: (url) => (url === '/v1/openapi.json' ? [500, {}] : well(url)) });
  assert.match((await change(plan, quiet)).why, /^smoke test: .*openapi.json answered 500/);
  assert.deepEqual(noted(), ['start green', 'stop green']);
  const own = await scene({ smoke: ['sh', '-c', 'exit 3'] });
  assert.match((await change(own.plan, quiet)).why, /smoke test of green: sh ended with 3/);
});

test('a set that does not get ready is stopped', async () => {
  const { plan, noted } = await scene({ green: () => [503, { status: 'starting', waitingFor: ['broker'] }] });
  assert.match((await change(plan, quiet)).why, /green is not ready within 0.05 s: .*waitingFor/);
  assert.deepEqual(noted(), ['start green', 'stop green']);
});

test('with a burnt budget, or none that is known, nothing begins', async () => {
  const burnt = await scene({ left: () => 0.04 });
  const { outcome, why } = await change(burnt.plan, quiet);
  assert.deepEqual([outcome, burnt.noted()], ['refused', []]);
  assert.match(why, /availability \(4 % left\)/);
  assert.equal((await change({ ...burnt.plan, prometheus: 'http://127.0.0.1:1' }, quiet)).outcome, 'refused');
  assert.equal((await change(burnt.plan, { ...quiet, force: true })).outcome, 'changed');
});

test('what goes wrong after the switch is switched back', async () => {
  let asked = 0;
  const burning = await scene({ left: () => (++asked > 1 ? 0.01 : 0.9) });
  assert.match((await change(burning.plan, quiet)).why, /^after the switch: the error budget is spent/);
  assert.deepEqual(burning.noted(), ['start green', 'switch green', 'switch blue', 'stop green']);
});

test('a plan that cannot be used is told all of what is wrong with it', async () => {
  assert.deepEqual(problemsOf((await scene()).plan), []);
  assert.deepEqual(problemsOf({ sets: { blue: { start: 'systemctl', drain: ['x'], stop: ['x'], services: [] } } }), [
    'sets: there must be two, and there is 1',
    'sets.blue.start: must be a command, as a list of words',
    'sets.blue.services: must list the addresses of its services',
    'sets.blue.gateway: must be the address of its gateway',
    'switch: must be a command, as a list of words; GRANARY_SET says to which set',
    'state: must name the file that says which set serves',
    'prometheus: must be its address, such as http://127.0.0.1:9090',
  ]);
});
