// Changes from the set of services that serves to the other one, which runs another version against the same broker and database:
//   node deploy/blue-green/blue-green.mjs plan.json [--force]
// 1 asks Prometheus whether the error budgets bear a change; 2 starts the other set and waits until all of it is ready;
// 3 asks its gateway what people ask; 4 switches; 5 watches; 6 drains and stops the set that served. What fails before the switch
// stops the new set, what fails after it switches back first. Exit code 0 changed, 1 rolled back, 2 refused, 64 the plan is wrong.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { otherThan, problemsOf, spentBudgets } from './plan.mjs';

const BUDGETS = 'granary:objective_budget_left:ratio30d';

/**
 * @param {object} plan see README.md
 * @param {{ force?: boolean, say?: (line: string) => void }} [options]
 * @returns {Promise<{ outcome: 'changed' | 'rolled-back' | 'refused', live: string, why?: string }>}
 */
export async function change(plan, { force = false, say = (line) => process.stdout.write(`${line}\n`) } = {}) {
  const { sets, state, leastBudget = 0.1, readyWithinMs = 120_000, watchMs = 60_000, everyMs = 1_000, smoke } = plan;
  const live = existsSync(state) ? readFileSync(state, 'utf8').trim() : Object.keys(sets)[0];
  const next = otherThan(sets, live);
  const act = (name, set) => run(plan[name] ?? sets[set][name], { GRANARY_SET: set, GRANARY_GATEWAY: sets[set].gateway }, `${name} ${set}`);

  const refusal = force ? null : await budgetRefusal(plan.prometheus, leastBudget);
  if (refusal !== null) {
    say(`refused: ${refusal}`);
    return { outcome: 'refused', live, why: refusal };
  }

  let switched = false;
  try {
    say(`${live} serves; starting ${next}`);
    await act('start', next);
    await until(() => troubleOf(sets[next]), readyWithinMs, everyMs, `${next} is not ready`);
    say(`${next} is ready; smoke test`);
    await smokeTest(sets[next], smoke, (command) => run(command, { GRANARY_SET: next, GRANARY_GATEWAY: sets[next].gateway }, `smoke test of ${next}`));
    say(`switching to ${next}`);
    switched = true;
    await act('switch', next);
    await watch(sets[next], watchMs, everyMs, () => (force ? null : budgetRefusal(plan.prometheus, leastBudget)));
  } catch (error) {
    say(`failed: ${error.message}`);
    await rollBack();
    return { outcome: 'rolled-back', live, why: error.message };
  }
  writeFileSync(`${state}.new`, `${next}\n`);
  renameSync(`${state}.new`, state);
  say(`${next} serves; draining ${live}`);
  // It serves nobody any more: what it cannot finish, the other set takes over.
  for (const step of ['drain', 'stop']) await act(step, live).catch((error) => say(`warning: ${error.message}`));
  say('done');
  return { outcome: 'changed', live: next };

  async function rollBack() {
    if (switched) {
      say(`switching back to ${live}`);
      await act('switch', live);
    }
    say(`stopping ${next}`);
    await act('stop', next).catch((error) => say(`warning: ${error.message}`));
  }
}

/** Why a change has to wait, or null. Who does not know how much is left does not change anything. */
async function budgetRefusal(prometheus, least) {
  const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(BUDGETS)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then((response) => response.json()).catch(() => null);
  if (answer?.status !== 'success' || answer.data.result.length === 0) return `Prometheus at ${prometheus} does not say how much of the error budgets is left; look at it, or use --force when the change is the remedy`;
  const spent = spentBudgets(answer, least);
  if (spent.length === 0) return null;
  const listed = spent.map(({ objective, left }) => `${objective} (${Math.round(left * 100)} % left)`).join(', ');
  return `the error budget is spent: ${listed}; at least ${Math.round(least * 100)} % must be left, or use --force when the change is the remedy`;
}

/** What is not ready of a set, or null. */
async function troubleOf({ services }) {
  const answers = await Promise.all(services.map(async (url) => {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
    return response?.ok ? null : `${url} ${response === null ? 'does not answer' : `says ${await response.text().catch(() => response.status)}`}`;
  }));
  return answers.find((answer) => answer !== null) ?? null;
}

/** The gateway answers, with its document and with health that its services agree to; then whatever the plan asks besides. */
async function smokeTest({ gateway }, smoke, command) {
  for (const [path, wants] of [['/health/status', (body) => body.status === 'healthy'], ['/v1/openapi.json', (body) => typeof body.openapi === 'string']]) {
    const response = await fetch(`${gateway}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok || !wants(await response.json())) throw new Error(`smoke test: ${gateway}${path} answered ${response.status} and not what it should`);
  }
  if (smoke !== undefined) await command(smoke);
}

async function watch(set, forMs, everyMs, refusal) {
  const end = performance.now() + forMs;
  do {
    const trouble = (await troubleOf(set)) ?? (await refusal());
    if (trouble !== null) throw new Error(`after the switch: ${trouble}`);
    await delay(Math.min(everyMs, Math.max(0, end - performance.now())));
  } while (performance.now() < end);
}

async function until(trouble, withinMs, everyMs, what) {
  const end = performance.now() + withinMs;
  for (let found = await trouble(); found !== null; found = await trouble()) {
    if (performance.now() > end) throw new Error(`${what} within ${withinMs / 1_000} s: ${found}`);
    await delay(everyMs);
  }
}

function run([program, ...args], env, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.on('error', (error) => reject(new Error(`${what}: ${error.message}`)));
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${what}: ${program} ended with ${code}`))));
  });
}

async function main([file, ...flags]) {
  if (file === undefined || flags.some((flag) => flag !== '--force')) throw Object.assign(new Error('node deploy/blue-green/blue-green.mjs <plan.json> [--force]'), { code: 64 });
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const problems = problemsOf(plan);
  if (problems.length > 0) throw Object.assign(new Error(`${file} cannot be used:\n  ${problems.join('\n  ')}`), { code: 64 });
  const { outcome } = await change(plan, { force: flags.includes('--force') });
  process.exitCode = { changed: 0, 'rolled-back': 1, refused: 2 }[outcome];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.code === 64 ? 64 : 1;
  });
}
