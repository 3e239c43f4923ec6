import { allEvents, type Client, type EventQuery, latestEvents, tailEvents } from '@granary/client';
import { isEventType, type LogPosition } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Call, CommandSpec } from '../shell/command';
import { plural } from '../shell/format';
import { parseInteger, parsePosition } from '../shell/input';
import { renderEvent, renderEventLine, renderEvents } from './events';
import { FILTER_OPTIONS, queryOf, TIME_OPTIONS } from './query';
import { renderTrace, traceOf } from './trace';

const START: LogPosition = { epoch: 0, sequence: 0 };

export const eventsTail: CommandSpec = {
  name: 'events tail',
  summary: 'print events as they happen, until Ctrl-C',
  details: 'With --json each event is one line of JSON, {"position","event"}.',
  options: [...FILTER_OPTIONS, { flags: '--from <position>', describe: 'begin behind this position, or `start` for the whole log (default: what happens from now on)' }],
  examples: ['events tail', 'events tail --type harvest.completed.v1,graph.normalized.v1', 'events tail --from start --json'],
  handlesInterrupt: true,
  async run(call) {
    const { client, input, signal, style, emit, note } = call;
    const [query, from] = [queryOf(input, null), input.text('from')];
    warnOfUnknown(call, query);
    const rpc = await client();
    const after = from === undefined ? await newestPosition(rpc) : from === 'start' ? START : parsePosition(from);
    let seen = 0;
    for await (const logged of tailEvents(rpc, query, { after, signal, onTrouble: (error) => note(`The event log does not answer (${error.message}); trying again.`) })) {
      emit({ data: logged, text: renderEventLine(logged, style) });
      seen++;
    }
    note(`${plural(seen, 'event')}.`);
    return null;
  },
};

export const eventsSearch: CommandSpec = {
  name: 'events search',
  summary: 'search the event log by type, tenant, key, correlation id and time',
  details: 'Prints the newest matches, the oldest of them first; with --after the first ones behind that position.',
  options: [
    ...FILTER_OPTIONS,
    ...TIME_OPTIONS,
    { flags: '--after <position>', describe: 'only events behind this position' },
    { flags: '--limit <count>', describe: 'how many at most (default: 50)' },
  ],
  examples: ['events search --type harvest.failed.v1 --since 1d', 'events search --key 01976c2e-8a00-7b3c-9d4e-5f60718293a4 --limit 20', 'events search --after 1:0 --limit 5000 --json'],
  async run(call) {
    const { client, input, shell, style } = call;
    const query = queryOf(input, shell.now());
    warnOfUnknown(call, query);
    const after = input.text('after');
    const limit = parseInteger(input.text('limit') ?? '50', { min: 1 });
    const position = after === undefined ? null : parsePosition(after);
    const rpc = await client();
    const events = position ? await allEvents(rpc, query, { after: position, limit }) : await latestEvents(rpc, query, limit);
    return { data: { events }, text: renderEvents(events, style) };
  },
};

export const eventsShow: CommandSpec = {
  name: 'events show',
  args: '<event>',
  summary: 'show one event with its envelope and data',
  examples: ['events show 01976c2e-9f10-7c44-a5b6-c7d8e9fa0b1c'],
  async run({ client, input, style }) {
    const logged = await (await client()).call('audit.events.show', { eventId: input.arg('event') });
    return { data: logged, text: renderEvent(logged, style) };
  },
};

export const eventsTrace: CommandSpec = {
  name: 'events trace',
  args: '<correlation>',
  summary: 'print what happened under one correlation id as a tree of causes and effects',
  details: '`jobs show` and `events search` print correlation ids. Many events of one type side by side are abridged, unless --all is given.',
  options: [{ flags: '--all', describe: 'print every event' }],
  examples: ['events trace 01976c2e-8b00-7d55-8e66-778899aabbcc'],
  async run({ client, input, style }) {
    const correlationId = input.arg('correlation');
    const events = await allEvents(await client(), { correlationId });
    if (events.length === 0) throw Fault.permanent('correlation-not-found', `No event has the correlation id '${correlationId}'. \`granary jobs show <job>\` prints the one of a harvest; a moment ago may be too early.`);
    const trace = traceOf(correlationId, events);
    return { data: trace, text: renderTrace(trace, style, input.flag('all')) };
  },
};

async function newestPosition(rpc: Client): Promise<LogPosition> {
  const { epoch, sequence } = await rpc.call('audit.log.status', {});
  return { epoch, sequence };
}

// Other teams' types have contracts elsewhere, so an unknown one is allowed; mostly it is a slip.
function warnOfUnknown({ note }: Call, { types = [] }: EventQuery): void {
  const unknown = types.filter((type) => !isEventType(type));
  if (unknown.length > 0) note(`Granary itself has no event ${unknown.join(', ')}; looking for it all the same.`);
}
