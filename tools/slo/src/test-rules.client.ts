import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isFault } from '@granary/faults';
import { createLogger } from '@granary/observability';
import { findMonitoring } from '@granary/monitoring';

const run = promisify(execFile);

/** How much promtool's heap may grow, in percent, before it looks for garbage: a quarter of its processor time went there, for a process of seconds. */
const LAZY = '400';

/** How a run of promtool over all rules and their tests ended. */
export type Tested = { readonly state: 'passed' | 'failed'; readonly text: string } | { readonly state: 'skipped'; readonly why: string };

/** Checks all rules and runs all of their tests with promtool, fetching it when it is missing. @param folder deploy/prometheus */
export async function testRules(folder: string, env: NodeJS.ProcessEnv): Promise<Tested> {
  const promtool = await find(env);
  if (promtool.state === 'missing') return { state: 'skipped', why: promtool.why };
  const files = (part: string): string[] => globSync(`${part}/*.yaml`, { cwd: folder }).sort().map((file) => join(folder, file));
  try {
    await run(promtool.path, ['check', 'rules', ...files('rules')], { env });
    const { stdout } = await run(promtool.path, ['test', 'rules', ...files('tests')], { env: { GOGC: LAZY, ...env }, maxBuffer: 50_000_000 });
    return { state: 'passed', text: `${stdout.match(/SUCCESS/g)?.length ?? 0} files of tests` };
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) throw error;
    return { state: 'failed', text: `${String(error.stdout)}${String(error.stderr)}` };
  }
}

async function find(env: NodeJS.ProcessEnv): Promise<{ state: 'found'; path: string } | { state: 'missing'; why: string }> {
  try {
    const { promtool } = await findMonitoring({ programs: ['promtool'], env, log: createLogger({ service: 'slo', level: 'silent' }) });
    return { state: 'found', path: promtool.path };
  } catch (error) {
    if (isFault(error) && error.code === 'promtool-missing') return { state: 'missing', why: error.message };
    throw error;
  }
}
