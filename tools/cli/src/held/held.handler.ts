import { accessDocuments, type Held } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Call, CommandSpec } from '../shell/command';
import { confirm } from '../shell/confirm.client';
import { plural } from '../shell/format';
import { parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { describeProblem, usageFault } from '../shell/problem';
import { HELD_STATES, renderHeld, renderHeldEvent } from './held';
import { heldOwners, type HeldOwner, ownerOf } from './owners';

type Filter = { consumer?: string; state?: Held['state'] };

export const heldList: CommandSpec = {
  name: 'held list',
  summary: 'list the events that consumers could not handle and keep',
  details: 'A held event is tried again by itself, a waiting one stands behind it with the same key, a dead one was given up.',
  options: [
    { flags: '--consumer <consumer>', describe: 'only of this consumer' },
    { flags: '--state <state>', describe: `only in this state: ${HELD_STATES.join(', ')}` },
    { flags: '--limit <count>', describe: 'how many of each service at most (default: 200)' },
  ],
  examples: ['held list', 'held list --state dead', 'held list --consumer normalizer --json'],
  async run(call) {
    const { input, shell, style, note } = call;
    const limit = parseInteger(input.text('limit') ?? '200', { min: 1 });
    const { held, unreachable, more } = await listAll(call, filterOf(call), limit);
    for (const { service, message } of unreachable) note(`${service} could not be asked: ${message}`);
    if (more) note('There are more; see them with --limit.');
    return { data: { held, more, unreachable }, text: renderHeld(held, shell.now(), style), ...(unreachable.length > 0 ? { outcome: 'notRunning' as const } : {}) };
  },
};

export const heldShow: CommandSpec = {
  name: 'held show',
  args: '<consumer> <position>',
  summary: 'show one held event: why it is held, and the event itself',
  examples: ['held show normalizer 4711'],
  async run({ client, input, shell, style }) {
    const { owner, consumer, position } = heldPlace(input.arg('consumer'), input.arg('position'));
    const found = await (await client()).call(`${owner}.held.show`, { consumer, position });
    return { data: found, text: renderHeldEvent(found, shell.now(), style) };
  },
};

export const heldRedrive: CommandSpec = {
  name: 'held redrive',
  args: '<consumer> [position]',
  summary: 'try held events again now: one by its position, all of a key, or all of a consumer',
  details: 'Dead events come back to life. Events of one key are tried in their order.',
  options: [
    { flags: '--key <key>', describe: 'all of this key' },
    { flags: '--all', describe: 'all of the consumer; asks before, unless --yes is given' },
    { flags: '--yes', describe: 'do not ask' },
  ],
  examples: ['held redrive normalizer 4711', 'held redrive normalizer --key 01976c2e-8a00-7b3c-9d4e-5f60718293a4', 'held redrive normalizer --all --yes'],
  async run(call) {
    const { client, input } = call;
    const consumer = input.arg('consumer');
    const owner = ownerOf(consumer, accessDocuments);
    const selection = selectionOf(input.optionalArg('position'), input.text('key'), input.flag('all'));
    if ('all' in selection) await confirmAll(call, consumer);
    const { count } = await (await client()).call(`${owner}.held.redrive`, { consumer, ...selection });
    if (count === 0) throw Fault.permanent('held-not-found', `Consumer ${consumer} holds no such event. See \`granary held list --consumer ${consumer}\`.`);
    return { data: { consumer, count }, text: `${plural(count, 'event')} of ${consumer} ${count === 1 ? 'is' : 'are'} tried again now. Look with \`granary held list --consumer ${consumer}\`.` };
  },
};

export const heldDiscard: CommandSpec = {
  name: 'held discard',
  args: '<consumer> <position>',
  summary: 'give up a held event for good, with a reason; later events of its key flow again',
  details: 'The event stays in the event log. Who discarded what and why is announced as consumer.discarded.',
  options: [
    { flags: '--reason <reason>', describe: 'why; required' },
    { flags: '--yes', describe: 'do not ask' },
  ],
  examples: ["held discard normalizer 4711 --reason 'its repository is gone' --yes"],
  async run(call) {
    const { client, input } = call;
    const reason = input.text('reason')?.trim();
    if (!reason) throw usageFault('Say why the event is discarded: --reason <reason>.');
    const { owner, consumer, position } = heldPlace(input.arg('consumer'), input.arg('position'));
    const rpc = await client();
    const { held } = await rpc.call(`${owner}.held.show`, { consumer, position });
    await confirm(call, `Discard ${held.eventType} at ${position} of ${consumer}? It will never be handled.`);
    const discarded = await rpc.call(`${owner}.held.discard`, { consumer, position, reason });
    return { data: discarded, text: `Discarded ${discarded.held.eventType} at ${position} of ${consumer}.` };
  },
};

interface Listing {
  held: Held[];
  unreachable: { service: string; code: string; message: string }[];
  more: boolean;
}

/** The held events of all services; one that cannot be asked does not hide the others. */
export async function listAll(call: Pick<Call, 'client'>, filter: Filter, limit: number): Promise<Listing> {
  const owners = filter.consumer === undefined ? heldOwners(accessDocuments) : [ownerOf(filter.consumer, accessDocuments)];
  const rpc = await call.client();
  const listings = await Promise.all(owners.map((owner) => listOf(rpc, owner, filter, limit)));
  return { held: listings.flatMap(({ held }) => held), unreachable: listings.flatMap(({ unreachable }) => unreachable), more: listings.some(({ more }) => more) };
}

async function listOf(rpc: Awaited<ReturnType<Call['client']>>, owner: HeldOwner, filter: Filter, limit: number): Promise<Listing> {
  try {
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call(`${owner}.held.list`, { ...filter, limit: pageLimit, ...cursor });
      return { items: page.held, next: page.next };
    });
    return { held: items, unreachable: [], more };
  } catch (error) {
    const { code, message } = describeProblem(error);
    return { held: [], unreachable: [{ service: owner, code, message }], more: false };
  }
}

function filterOf({ input }: Call): Filter {
  const [consumer, state] = [input.text('consumer'), input.text('state')];
  return { ...(consumer === undefined ? {} : { consumer }), ...(state === undefined ? {} : { state: parseOneOf(state, HELD_STATES) }) };
}

function heldPlace(consumer: string, position: string): { owner: HeldOwner; consumer: string; position: number } {
  return { owner: ownerOf(consumer, accessDocuments), consumer, position: parseInteger(position) };
}

type Selection = { position: number } | { key: string } | { all: true };

function selectionOf(position: string | undefined, key: string | undefined, all: boolean): Selection {
  const given = [position !== undefined, key !== undefined, all].filter(Boolean).length;
  if (given !== 1) throw usageFault('Say which events: either a position, or --key <key>, or --all.');
  if (position !== undefined) return { position: parseInteger(position) };
  return key !== undefined ? { key } : { all: true };
}

async function confirmAll(call: Call, consumer: string): Promise<void> {
  if (call.input.flag('yes')) return;
  const { held, more } = await listAll(call, { consumer }, 500);
  await confirm(call, `Try all ${more ? 'more than ' : ''}${plural(held.length, 'held event')} of ${consumer} again?`);
}
