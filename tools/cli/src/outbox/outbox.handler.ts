import type { Client } from '@granary/client';
import { accessDocuments } from '@granary/contracts';
import type { Call, CommandSpec } from '../shell/command';
import { confirm } from '../shell/confirm.client';
import { plural } from '../shell/format';
import { parseInteger } from '../shell/input';
import { toJson } from '../shell/json';
import { collectPages } from '../shell/pages';
import { describeProblem, usageFault } from '../shell/problem';
import { printable } from '../shell/style';
import { parseOutboxId, type Refused, renderOutbox, renderRefused } from './outbox';
import { type OutboxService, outboxService, outboxServices } from './services';

export const outboxList: CommandSpec = {
  name: 'outbox list',
  summary: 'list the events that the stream refused for good, of all services',
  details: 'A refused event waits in the outbox of the service that announced it, and later ones of its key wait behind it, until somebody retries or discards it.',
  options: [
    { flags: '--service <service>', describe: 'only of this service' },
    { flags: '--limit <count>', describe: 'how many of each service at most (default: 200)' },
  ],
  examples: ['outbox list', 'outbox list --service harvester --json'],
  async run(call) {
    const { client, input, shell, style, note } = call;
    const limit = parseInteger(input.text('limit') ?? '200', { min: 1 });
    const only = input.text('service');
    const services = only === undefined ? outboxServices(accessDocuments) : [outboxService(only, accessDocuments)];
    const { refused, unreachable, more } = await listRefused(await client(), services, limit);
    for (const { service, message } of unreachable) note(`${service} could not be asked: ${message}`);
    if (more) note('There are more; see them with --limit.');
    return { data: { refused, more, unreachable }, text: renderOutbox(refused, shell.now(), style), ...(unreachable.length > 0 ? { outcome: 'notRunning' as const } : {}) };
  },
};

export const outboxShow: CommandSpec = {
  name: 'outbox show',
  args: '<service> <id>',
  summary: 'show one refused event: why the stream refused it, what waits behind it, and the event itself',
  examples: ['outbox show harvester 815'],
  async run(call) {
    const { service, id } = placeOf(call);
    const { dead, event } = await (await call.client()).call(`${service}.outbox.show`, { id });
    const refused = { service, ...dead };
    return { data: { refused, event }, text: renderRefused(refused, event, call.shell.now(), call.style) };
  },
};

export const outboxRetry: CommandSpec = {
  name: 'outbox retry',
  args: '<service> <id>',
  summary: 'have a refused event published again, and what waits behind it after it',
  details: 'For when the reason is gone: the broker takes larger messages now, or the stream is there again. It is refused once more when it is not.',
  examples: ['outbox retry harvester 815'],
  async run(call) {
    const { service, id } = placeOf(call);
    const { dead } = await (await call.client()).call(`${service}.outbox.retry`, { id });
    const behind = dead.behind > 0 ? `, and ${plural(dead.behind, 'event')} behind it` : '';
    return { data: { refused: { service, ...dead } }, text: `Event ${id} of ${service} is published again${behind}. Look with \`granary outbox list --service ${service}\`.` };
  },
};

export const outboxDiscard: CommandSpec = {
  name: 'outbox discard',
  args: '<service> <id>',
  summary: 'give up a refused event for good, with a reason; what waits behind it is published',
  details: 'It was never published, so nothing else holds it: it is printed, and nobody who subscribes will know of it. Who discarded what and why is in the log of the service.',
  options: [
    { flags: '--reason <reason>', describe: 'why; required' },
    { flags: '--yes', describe: 'do not ask' },
  ],
  examples: ["outbox discard harvester 815 --reason 'its repository was removed' --yes"],
  async run(call) {
    const { client, input } = call;
    const reason = input.text('reason')?.trim();
    if (!reason) throw usageFault('Say why the event is discarded: --reason <reason>.');
    const { service, id } = placeOf(call);
    const rpc = await client();
    const { dead } = await rpc.call(`${service}.outbox.show`, { id });
    await confirm(call, `Discard ${printable(dead.messageId)} of ${service}? Nobody will ever see it.`);
    const discarded = await rpc.call(`${service}.outbox.discard`, { id, reason });
    return { data: { refused: { service, ...discarded.dead }, event: discarded.event }, text: `Discarded event ${id} of ${service}. It was:\n\n${toJson(discarded.event, 2)}` };
  },
};

interface Listing {
  refused: Refused[];
  unreachable: { service: string; code: string; message: string }[];
  more: boolean;
}

/** The refused events of services; one that cannot be asked does not hide the others. */
export async function listRefused(rpc: Client, services: readonly OutboxService[], limit: number): Promise<Listing> {
  const listings = await Promise.all(services.map((service) => listOf(rpc, service, limit)));
  return { refused: listings.flatMap(({ refused }) => refused), unreachable: listings.flatMap(({ unreachable }) => unreachable), more: listings.some(({ more }) => more) };
}

async function listOf(rpc: Client, service: OutboxService, limit: number): Promise<Listing> {
  try {
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call(`${service}.outbox.list`, { limit: pageLimit, ...cursor });
      return { items: page.dead, next: page.next };
    });
    return { refused: items.map((dead) => ({ service, ...dead })), unreachable: [], more };
  } catch (error) {
    const { code, message } = describeProblem(error);
    return { refused: [], unreachable: [{ service, code, message }], more: false };
  }
}

function placeOf({ input }: Call): { service: OutboxService; id: string } {
  return { service: outboxService(input.arg('service'), accessDocuments), id: parseOutboxId(input.arg('id')) };
}
