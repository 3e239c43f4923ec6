import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Fault } from '@granary/faults';
import { version } from '../../package.json';
import type { CommandSpec } from '../shell/command';
import { formatBytes, plural } from '../shell/format';
import { parseMoment } from '../shell/input';
import { bundle } from './bundle';
import { collect, knownSecrets } from './collect.client';
import { scrubber } from './scrub';

export const supportBundle: CommandSpec = {
  name: 'support-bundle',
  summary: 'collect evidence of what is wrong into one file that can be given away, without credentials',
  details: 'Works on a platform that is half dead: what could not be got is listed with why. Logs, health, figures, settings, versions, stream, and lists of events, jobs and backups without their bodies; its README.md says what is where. Names of repositories and people may be in it. An existing file is never overwritten.',
  options: [
    { flags: '--out <file>', describe: 'where to write it (default: granary-support-<time>.tar.gz here)' },
    { flags: '--since <moment>', describe: 'logs from then on (default: 1h)' },
  ],
  examples: ['support-bundle', 'support-bundle --since 6h --out /tmp/incident-17.tar.gz'],
  async run(call) {
    const { input, shell } = call;
    const now = shell.now();
    const since = new Date(parseMoment(input.text('since') ?? '1h', now));
    const name = `granary-support-${now.toISOString().slice(0, 19).replaceAll(':', '-')}`;
    const file = resolve(shell.callerFolder, input.text('out') ?? `${name}.tar.gz`);
    const { parts } = await collect(call, since);
    const { folder, chosenBy } = call.place();
    const of = chosenBy === 'GRANARY_SERVICES' ? 'the platform that GRANARY_SERVICES names' : `the data folder ${folder}`;
    const { archive, manifest } = bundle(parts, scrubber(knownSecrets(call)), { name, granary: version, madeAt: now, since, of });
    const packed = await promisify(gzip)(archive);
    await writeNew(file, packed);
    const missing = manifest.missing.map(({ path, why }) => `  ${path}: ${why}`);
    const text = [`Wrote ${formatBytes(packed.length)} to ${file}: ${plural(manifest.files.length, 'file')}, without credentials. Names of repositories and people may be in it.`, ...(missing.length > 0 ? ['Could not be got:', ...missing] : [])].join('\n');
    return { data: { file, bytes: packed.length, ...manifest }, text };
  },
};

async function writeNew(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw Fault.permanent('already-there', `${file} is there already and is not overwritten. Name another one with --out.`, { cause });
    throw Fault.permanent('not-writable', `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. Give --out a file in a folder that exists and that you may write to.`, { cause });
  }
}
