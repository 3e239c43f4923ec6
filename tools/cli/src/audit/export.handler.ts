import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EVERYBODY, openExtract, verifyExport } from '@granary/audit-export';
import { PLATFORM_TENANT } from '@granary/security';
import type { AuditExportReadRequest } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { TIME_OPTIONS } from '../events/query';
import type { Call, CommandSpec } from '../shell/command';
import { formatCount, plural } from '../shell/format';
import { parseList, parseMoment } from '../shell/input';
import { renderVerification } from './verification';

export const auditVerify: CommandSpec = {
  name: 'audit verify',
  args: '<folder>',
  summary: 'check an export of the event log, or a download of records; needs no running platform',
  details: 'Every record is compared with what was signed. What is wrong is named: the first record of a day that was changed, removed, added or moved, files and days that are missing, checkpoints that nobody trusted signed. Then it ends with 1.',
  options: [{ flags: '--key <keys>', describe: 'believe these keys alone, as `granary audit keys` once showed them, and those they vouch for (default: keys.txt of the folder)' }],
  examples: ['audit verify .granary/exports/audit', 'audit verify /mnt/exports --key granary/events+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
  async run({ input, shell, style, progress, note }) {
    const root = resolve(shell.callerFolder, input.arg('folder'));
    const keys = input.text('key');
    const found = await verifyExport(root, { ...(keys !== undefined && { keys: parseList(keys) }), progress: (day, records) => progress.show({ label: `${day}: ${formatCount(records)} records`, done: 0, total: null }) });
    progress.end();
    if (!found.anchored) note('Checked by the keys that the folder itself names: it proves that everything fits together, not who wrote it. Keep the keys of `granary audit keys` elsewhere, and give them as --key.');
    return { data: found, text: renderVerification(found, style), outcome: found.problems.length === 0 ? 'ok' : 'failed' };
  },
};

export const auditExport: CommandSpec = {
  name: 'audit export',
  summary: 'download records of the event log into a folder, each with its proof',
  details: 'Those of the own tenant; for who looks after the platform (GRANARY_TENANT=_platform) those of everybody. All there is up to now, or up to a checkpoint of less than a minute ago: one is signed for the purpose. `granary audit verify` checks the folder anywhere.',
  options: [{ flags: '--out <folder>', describe: 'where to: a new or empty folder' }, ...TIME_OPTIONS],
  examples: ['audit export --out records --since 7d', 'audit export --out march --since 2026-03-01T00:00:00Z --until 2026-04-01T00:00:00Z'],
  async run(call) {
    const { input, shell, client } = call;
    const [since, until] = [momentOf(call, 'since'), momentOf(call, 'until')];
    const rpc = await client();
    const { principal: { tenant } } = await rpc.call('auth.identity.show', {});
    const { root, isNew } = await emptyFolder(resolve(shell.callerFolder, input.text('out') ?? ''), input.text('out'));
    const writer = openExtract(root);
    try {
      let request: AuditExportReadRequest = { ...(since !== null && { since }), ...(until !== null && { until }) };
      for (;;) {
        call.signal.throwIfAborted();
        const page = await rpc.call('audit.export.read', request);
        for (const record of page.records) await writer.add(record);
        call.progress.show({ label: 'records downloaded', done: page.records.at(-1)?.index ?? page.size, total: page.size });
        if (page.next !== null) {
          request = { ...request, size: page.size, after: page.next };
          continue;
        }
        const { keys } = await rpc.call('audit.checkpoint-key.list', {});
        const extract = await writer.finish({ of: tenant === PLATFORM_TENANT ? EVERYBODY : tenant, since, until, checkpoint: page.checkpoint }, keys.map(({ key }) => key));
        call.progress.end();
        return { data: { folder: root, ...extract }, text: `Wrote ${plural(extract.records, 'record')} to ${root}. Check them with \`granary audit verify ${input.text('out')}\`.` };
      }
    } catch (error) {
      await writer.abandon();
      if (isNew) await rmdir(root);
      throw error;
    }
  },
};

function momentOf({ input, shell }: Call, option: 'since' | 'until'): string | null {
  const text = input.text(option);
  return text === undefined ? null : parseMoment(text, shell.now());
}

async function emptyFolder(folder: string, given: string | undefined): Promise<{ root: string; isNew: boolean }> {
  if (given === undefined) throw Fault.permanent('usage', 'Name a folder for the records with --out.');
  const made = await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw Fault.permanent('usage', `${folder} is not empty. Name a new or empty folder with --out, so that records of two downloads do not mix.`);
  return { root: folder, isNew: made !== undefined };
}
