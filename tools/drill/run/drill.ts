import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@granary/testing';
import type { DrillResult } from '../src/figures.ts';
import { commandsFor, fillIn, placeholdersOf, readRunbook } from '../src/runbook.ts';
import type { Block, Role } from '../src/runbook.ts';
import { runCommand } from './shell.ts';
import type { World } from './world.ts';

/** A fault that is in place. */
export interface Fault {
  /** What placeholders of the runbook stand for that only whoever broke it knows. Others are read from what the diagnosis printed. */
  values?: Readonly<Record<string, string>>;
  /** What others than the operator do, such as the owner of a remote: between looking and mending. */
  mended?(): Promise<void> | void;
  /** What has to be true at the end, beside what the runbook's commands find. @throws when it is not */
  ended?(): Promise<void>;
  /** Takes away what is left of the fault, whether the drill went well or not. */
  clear?(): Promise<void> | void;
}

/** A fault, the alert that it has to raise, and the runbook that has to end it. */
export interface Drill {
  /** The file of the runbook, without `.md`. */
  name: string;
  /** The alert that has to fire, when it is not the runbook's name; null when people come to the runbook without one. */
  alert?: string | null;
  /** The fault in a few words. */
  fault: string;
  /** Settings of the platform beside those of all drills. Drills with the same ones share a platform. */
  settings?: Readonly<Record<string, string>>;
  /** By how much durations of rules are divided for it, when the 60 of the others leave its rule too little time, or too much. */
  timeScale?: number;
  /** True when the fault is there from the start of a platform, so that there is nothing to wait for before. */
  isThere?: boolean;
  /** Why it cannot run on this machine, or null. */
  leaveOut?(): string | null;
  /** Puts the fault in place. */
  begin(world: World): Promise<Fault | void>;
  /** Each has to match what the commands of the diagnosis print. */
  sees?: readonly RegExp[];
  /** Of the runbook's ways for another cause, which this drill takes: those with a command that matches. Default: none. */
  otherwise?: RegExp;
  /** Placeholders that are read from what the diagnosis printed: the first group. */
  reads?: Readonly<Record<string, RegExp>>;
  /** How long the alert may take to fire and to resolve. Default 120 s each. */
  withinMs?: number;
}

const WITHIN_MS = 120_000;

/**
 * Does one drill on a running platform: fault, alert (where the runbook has one), commands of the runbook as they are written, end of the alert.
 * Never throws: what goes wrong is the result's `problem`.
 */
export async function runDrill(drill: Drill, world: World): Promise<DrillResult> {
  const alert = drill.alert === undefined ? drill.name : drill.alert;
  const result: DrillResult = { drill: drill.name, runbook: drill.name, alert, alertMs: null, resolvedMs: null, timeScale: world.timeScale, commands: 0, problem: null, leftOut: drill.leaveOut?.() ?? null };
  if (result.leftOut !== null) return result;
  let fault: Fault = {};
  try {
    const { blocks } = readRunbook(readFileSync(join(world.root, 'docs', 'runbooks', `${drill.name}.md`), 'utf8'));
    world.say(`${drill.name}: ${drill.fault}`);
    if (!drill.isThere && alert !== null) await waitFor(async () => !(await world.alerts()).includes(alert), { timeoutMs: WITHIN_MS, everyMs: 500, what: `${alert} to be quiet before the drill` });
    const begun = performance.now();
    fault = (await drill.begin(world)) ?? {};
    const steps = followRunbook({ drill, world, blocks, result, values: { ...fault.values } });
    const follow = async () => {
      await steps.diagnose();
      await fault.mended?.();
      await steps.mitigate();
    };
    if (alert === null) {
      await follow();
      await steps.over();
      await fault.ended?.();
      result.resolvedMs = Math.round(performance.now() - begun);
      world.say(`  over ${(result.resolvedMs / 1_000).toFixed(1)} s after the fault`);
      return result;
    }
    await waitFor(async () => (await world.alerts()).includes(alert), { timeoutMs: drill.withinMs ?? WITHIN_MS, everyMs: 200, what: `the alert ${alert}` });
    result.alertMs = Math.round(performance.now() - begun);
    world.say(`  alert ${alert} after ${(result.alertMs / 1_000).toFixed(1)} s`);
    const fired = performance.now();
    await follow();
    await waitFor(async () => !(await world.alerts()).includes(alert), { timeoutMs: drill.withinMs ?? WITHIN_MS, everyMs: 200, what: `${alert} to resolve` });
    result.resolvedMs = Math.round(performance.now() - fired);
    world.say(`  resolved ${(result.resolvedMs / 1_000).toFixed(1)} s later`);
    await steps.over();
    await fault.ended?.();
  } catch (error) {
    result.problem = error instanceof Error ? error.message : String(error);
    world.say(`  FAILED: ${result.problem}`);
  } finally {
    await Promise.resolve(fault.clear?.()).catch((error: unknown) => (result.problem ??= String(error)));
  }
  return result;
}

interface Steps {
  drill: Drill;
  world: World;
  blocks: readonly Block[];
  result: DrillResult;
  values: Record<string, string>;
}

function followRunbook({ drill, world, blocks, result, values }: Steps) {
  const commandsOf = (role: Role) => commandsFor(blocks, role, drill.otherwise);
  const run = async (command: string, mustSucceed: boolean): Promise<string> => {
    const filled = fillIn(command, values);
    world.say(`  $ ${filled}`);
    result.commands++;
    const begun = performance.now();
    const { code, output } = await runCommand(filled, world);
    world.detail(`${output.trimEnd()}\n(${Math.round(performance.now() - begun)} ms, ended with ${code})`.trimStart());
    if (mustSucceed && code !== 0) throw new Error(`ended with ${code}: ${filled}\n${output.trimEnd()}`);
    return output;
  };
  const read = (printed: string) => {
    for (const [name, pattern] of Object.entries(drill.reads ?? {})) {
      const found = pattern.exec(printed)?.[1];
      if (found !== undefined) values[name] ??= found;
    }
  };
  return {
    // Looking tells by its exit code, too, that something is wrong.
    async diagnose() {
      let printed = '';
      for (const command of commandsOf('diagnose')) {
        if (placeholdersOf(command).some((name) => values[name] === undefined)) read(printed);
        printed += await run(command, false);
      }
      read(printed);
      for (const pattern of drill.sees ?? []) if (!pattern.test(printed)) throw new Error(`the diagnosis does not show ${pattern}; it printed:\n${printed.trimEnd()}`);
    },
    async mitigate() {
      for (const command of commandsOf('mitigate')) await run(command, true);
    },
    /** Metrics and answers may lag a little behind the alert's end. */
    async over() {
      for (const command of commandsOf('over')) await waitFor(() => run(command, true).then(() => true), { timeoutMs: 30_000, everyMs: 1_000, what: `the end of it: ${command}` });
    },
  };
}
