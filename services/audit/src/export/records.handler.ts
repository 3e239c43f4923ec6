import type { AuditExportReadRequest, AuditExportReadResponse } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { serve, type RpcHandler } from '@granary/messaging';
import { PLATFORM_TENANT } from '@granary/security';
import { inclusionRanges, leafLine, proofOf } from '@granary/transparency';
import { newestForAsker, type AskDeps } from '../prove/asked';
import type { Position } from '../record/position';
import { readMoment } from '../search/moment';
import type { SearchFilter } from '../search/search';
import type { ExportStore, SignedTree } from '../store/export.store';
import type { LoggedMessage, SearchStore } from '../store/search.store';
import type { TreeStore } from '../store/tree.store';
import { endBefore, holesByEnd, type Hole } from './leaves';

export interface RecordsDeps {
  readonly store: Pick<ExportStore, 'checkpointOf' | 'leafIndexes' | 'holesBefore'>;
  readonly search: Pick<SearchStore, 'page' | 'pageAcross'>;
  readonly tree: Pick<TreeStore, 'nodes' | 'state'>;
  readonly checkpoints: AskDeps['checkpoints'];
  now(): Date;
}

type ProvenRecord = AuditExportReadResponse['records'][number];

const DEFAULT_LIMIT = 500;
const MOST = 500;
/** As JSON. An answer has to fit a message of the broker, and a single record may take two thirds of one. */
const ANSWER_BYTES = 650_000;

/** Records with what proves them. Who looks after the platform gets those of everybody, everybody else the own ones. */
export const recordsRpcs = (deps: RecordsDeps): RpcHandler[] => {
  const { store, search, tree } = deps;
  return [
    serve('audit.export.read', async (request, { tenant }) => {
      const checkpoint = await (request.size === undefined ? newest(deps) : over(deps, request.size));
      const filter = filterOf(request);
      const everybody = tenant === PLATFORM_TENANT;
      const page = await (everybody ? search.pageAcross(filter) : search.page(tenant, filter));
      const indexes = await store.leafIndexes(page.messages.map(({ position }) => position));
      const covered = page.messages.flatMap((message, at) => coveredBy(checkpoint, message, indexes[at] ?? null));
      const holes = everybody ? await store.holesBefore(covered.map(({ message }) => message.position)) : [];
      const proven = await prove(tree, checkpoint.size, withHoles(covered, holes));
      const kept = cut(proven);
      const last = kept.at(-1)?.position ?? null;
      const next = kept.length < proven.length ? last : covered.length < page.messages.length ? null : page.next;
      return { size: checkpoint.size, checkpoint: checkpoint.note, records: kept.map(({ record }) => record), next };
    }),
  ];
};

type Signed = Pick<SignedTree, 'size' | 'note'>;

/** One over all there is, if need be signed for the purpose. Of a log that nothing more is signed of, what was signed before is what one wants to see. */
async function newest(deps: RecordsDeps): Promise<Signed> {
  try {
    return await newestForAsker(deps, (await deps.tree.state()).size);
  } catch (error) {
    const signed = isFault(error) && (error.code === 'log-suspect' || error.code === 'tree-contradicts') ? await deps.store.checkpointOf(null) : null;
    if (signed === null) throw error;
    return signed;
  }
}

async function over({ store }: RecordsDeps, size: number): Promise<Signed> {
  const signed = await store.checkpointOf(size);
  if (signed === null) throw Fault.permanent('not-proven-yet', `there is no checkpoint over ${size} leaves; leave the size out to get the newest, and give that one on the pages behind the first`);
  return signed;
}

interface Covered {
  readonly message: LoggedMessage;
  readonly index: number;
}

/** A leaf of the answer; a hole has no position to go on from. */
interface Line {
  readonly index: number;
  readonly leaf: string;
  readonly position: Position | null;
}

/** What is younger than the checkpoint cannot be proven by it. */
function coveredBy({ size }: Signed, message: LoggedMessage, index: number | null): Covered[] {
  return index === null || index >= size ? [] : [{ message, index }];
}

/** A hole is the leaf before the event behind it. Among all records nothing must be missing, so it is one of them. */
function withHoles(covered: readonly Covered[], holes: readonly Hole[]): Line[] {
  const ending = holesByEnd(holes);
  return covered.flatMap(({ message, index }) => {
    const { epoch, sequence } = message.position;
    const own = { index, leaf: lineOf(message), position: message.position };
    const hole = ending.get(endBefore(epoch, sequence));
    return hole === undefined ? [own] : [{ index: index - 1, leaf: leafLine({ epoch, hole: { first: hole.first, last: hole.last } }), position: null }, own];
  });
}

async function prove(tree: RecordsDeps['tree'], size: number, lines: readonly Line[]): Promise<{ record: ProvenRecord; position: Position | null }[]> {
  const paths = lines.map(({ index }) => inclusionRanges(index, size));
  const read = await tree.nodes(paths.flat());
  return lines.map(({ index, leaf, position }, at) => ({ position, record: { index, leaf, proof: proofOf(paths[at] ?? [], read).map((hash) => hash.toString('base64')) } }));
}

/** As many as fit, at least one event, and no hole at the end: it comes again with its event. */
function cut<L extends { readonly record: ProvenRecord; readonly position: Position | null }>(lines: readonly L[]): L[] {
  let bytes = 0;
  const end = lines.findIndex(({ record }, at) => (bytes += Buffer.byteLength(JSON.stringify(record))) > ANSWER_BYTES || at >= MOST);
  const kept = lines.slice(0, end === -1 ? lines.length : Math.max(end, 2));
  return kept.at(-1)?.position === null ? kept.slice(0, -1) : kept;
}

function lineOf({ position, storedAt, tenant, type, key, eventId, body }: LoggedMessage): string {
  return leafLine({ ...position, storedAt: storedAt.toISOString(), tenant, type, key, eventId, body });
}

function filterOf({ since, until, after, limit = DEFAULT_LIMIT }: AuditExportReadRequest): SearchFilter {
  return { order: 'asc', limit, ...(after && { after }), ...(since !== undefined && { since: readMoment(since) }), ...(until !== undefined && { until: readMoment(until) }) };
}
