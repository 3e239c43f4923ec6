import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '@granary/faults';
import { formatProof, parseProof, verifyConsistency } from '@granary/transparency';
import type { CommandSpec } from '../shell/command';
import { confirm } from '../shell/confirm.client';
import { writeOutput } from '../shell/deliver.client';
import { formatCount } from '../shell/format';
import { parseInteger } from '../shell/input';
import { checkProof } from './proof';
import { showAudited } from './show.client';
import { renderCheckpointKeys, renderCheckpoints, renderProven } from './tables';

const KEY = { flags: '--key <key>', describe: 'believe this key alone, as `granary audit keys` once showed it' };
/** Bytes of the largest file that can be a proof. */
const LARGEST_PROOF = 1_000_000;

export const auditShow: CommandSpec = {
  name: 'audit show',
  args: '<event>',
  summary: 'show one event of the log as the audit sees it, and prove that it is in it',
  details: 'An event about AI is shown as its record, with how its cost came about and what else is about the same call. With --proof the hashes from the event up to a signed checkpoint are fetched and checked here. --output keeps event and proof in one file (C2SP tlog-proof) that `granary audit check` and others can check later without asking anybody.',
  options: [{ flags: '--proof', describe: 'prove it' }, KEY, { flags: '--output <file>', describe: 'write the proof, with the event, to a file' }],
  examples: ['audit show 01976c2e-9f10-7c44-a5b6-c7d8e9fa0b1c --proof', 'audit show 01976c2e-9f10-7c44-a5b6-c7d8e9fa0b1c --output event.tlog-proof'],
  async run(call) {
    const { client, input, style, note } = call;
    const [eventId, trusted, output] = [input.arg('event'), input.text('key'), input.text('output')];
    const rpc = await client();
    if (!input.flag('proof') && output === undefined && trusted === undefined) return showAudited(rpc, eventId, style);
    const { leaf, proof } = await rpc.call('audit.proof.event', { eventId });
    const keys = trusted === undefined ? (await rpc.call('audit.checkpoint-key.list', {})).keys.map(({ key }) => key) : [trusted];
    const proven = checkProof(proof, leaf, keys);
    if (trusted === undefined) note('Checked by the keys that the platform itself names. Keep one, and give it as --key, to believe nobody.');
    const whole = formatProof({ ...parseProof(proof), extra: Buffer.from(leaf) });
    if (output !== undefined) return writeOutput(call, output, 'tlog-proof', Buffer.from(whole));
    return { data: { ...proven, proof: whole }, text: renderProven(proven, style) };
  },
};

export const auditCheck: CommandSpec = {
  name: 'audit check',
  args: '<file>',
  summary: 'check the proof of one event that was written to a file; needs no running platform',
  options: [KEY],
  examples: ['audit check event.tlog-proof --key granary/events+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
  async run({ input, shell, style }) {
    const file = resolve(shell.callerFolder, input.arg('file'));
    const key = input.text('key');
    if (key === undefined) throw Fault.permanent('usage', 'Give the key that you trust as --key: a file cannot vouch for itself. `granary audit keys` shows the keys of a running platform, and keys.txt those of an export.');
    const proven = checkProof(await readProof(file), null, [key]);
    return { data: proven, text: renderProven(proven, style) };
  },
};

export const auditCheckpoints: CommandSpec = {
  name: 'audit checkpoints',
  summary: 'list the signed checkpoints of the event log, the newest first',
  details: 'With --json each comes with the signed note, which can be kept and checked elsewhere.',
  options: [{ flags: '--limit <count>', describe: 'how many at most (default: 24)' }],
  examples: ['audit checkpoints', 'audit checkpoints --limit 500 --json'],
  async run({ client, input, style }) {
    const limit = parseInteger(input.text('limit') ?? '24', { min: 1, max: 500 });
    const { checkpoints } = await (await client()).call('audit.checkpoint.list', { limit });
    return { data: { checkpoints }, text: renderCheckpoints(checkpoints, style) };
  },
};

export const auditConsistency: CommandSpec = {
  name: 'audit consistency',
  args: '<first> [second]',
  summary: 'prove that the event log of one size is the beginning of what it is at another, or now',
  details: 'Sizes are numbers of leaves, as `granary audit checkpoints` prints them. Compare the roots with those of checkpoints that you kept.',
  examples: ['audit consistency 4711', 'audit consistency 4711 9000'],
  async run({ client, input, style }) {
    const [first, second] = [parseInteger(input.arg('first')), input.optionalArg('second')];
    const found = await (await client()).call('audit.proof.consistency', { first, ...(second !== undefined && { second: parseInteger(second) }) });
    const [firstRoot, secondRoot] = [found.firstRoot, found.secondRoot].map((root) => Buffer.from(root, 'base64')) as [Buffer, Buffer];
    const holds = verifyConsistency({ first, firstRoot, second: found.second, secondRoot, proof: found.hashes.map((hash) => Buffer.from(hash, 'base64')) });
    if (!holds) throw Fault.permanent('proof-wrong', `The log of ${first} leaves is not the beginning of the log of ${found.second}: what was logged has been changed, or the answer was.`);
    const leaves = (size: number, root: string) => `${formatCount(size)} leaves, root ${style.bold(root)}`;
    return { data: found, text: `${leaves(first, found.firstRoot)}\nare the beginning of\n${leaves(found.second, found.secondRoot)}` };
  },
};

export const auditKeys: CommandSpec = {
  name: 'audit keys',
  summary: 'list the keys that sign checkpoints, and those that did',
  examples: ['audit keys'],
  async run({ client, style }) {
    const found = await (await client()).call('audit.checkpoint-key.list', {});
    return { data: found, text: renderCheckpointKeys(found.keys, style) };
  },
};

export const auditRotateKey: CommandSpec = {
  name: 'audit rotate-key',
  summary: 'let another key sign checkpoints from now on; for who runs the platform',
  options: [{ flags: '--yes', describe: 'do not ask' }],
  examples: ['audit rotate-key --yes'],
  async run(call) {
    await confirm(call, 'Let another key sign the checkpoints of the event log? Whoever checks them by the key of today has to learn the new one.');
    const rotated = await (await call.client()).call('audit.checkpoint-key.rotate', {});
    return { data: rotated, text: `From now on ${rotated.active} signs.` };
  },
};

async function readProof(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= LARGEST_PROOF) return bytes.toString('utf8');
  } catch (cause) {
    throw Fault.permanent('file-not-found', `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Name a file that \`granary audit show --output\` wrote.`, { cause });
  }
  throw Fault.permanent('proof-malformed', `${file} is larger than any proof: ${LARGEST_PROOF} bytes at most. Name a file that \`granary audit show --output\` wrote.`);
}
