import type { HarvesterRepositoryAddRequest, HarvesterRepositoryAddResponse, HarvesterRepositoryListRequest, HarvesterRepositoryListResponse, HarvesterRepositoryRemoveRequest, HarvesterRepositoryRemoveResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { isAmong, pageOf, readPage } from '@granary/messaging';
import type { Cause, RpcContext, UnitOfWork } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { requestHarvest } from '../harvest/request.handler';
import type { Requested, RequestDeps } from '../harvest/request.handler';
import type { Location } from '@granary/git';
import { checkBranch, checkName, nameOf, parseLocation } from '@granary/git';
import type { Mirrors } from '../mirror/mirror.client';
import type { Head, Remotes } from '../mirror/remote.client';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { cancelOpenJobs } from '../track/cancel.handler';
import type { CancelDeps } from '../track/cancel.handler';
import { asRepository } from './as-repository';
import type { CheckReach } from './reach.guard';
import { remoteOf } from './remote-of';
import type { Vault } from './vault';

export interface RegisterDeps extends RequestDeps, CancelDeps {
  readonly database: Database;
  readonly repositories: RepositoryStore;
  readonly remotes: Remotes;
  readonly mirrors: Mirrors;
  readonly vault: Vault;
  readonly checkReach: CheckReach;
  readonly log: Logger;
  /** Shorter than callers wait for an answer. */
  readonly remoteTimeoutMs: number;
  readonly firstPollMs: number;
  /** Lets waiting jobs be looked for at once. */
  readonly wake: () => void;
}

/** Adds a repository and asks for its first harvest; a location that is known answers its repository and harvests that. */
export const addRepository = (deps: RegisterDeps) => async (request: HarvesterRepositoryAddRequest, context: RpcContext): Promise<HarvesterRepositoryAddResponse> => {
  const place = parseLocation(request.location);
  const branch = request.branch === undefined ? null : checkBranch(request.branch);
  const name = request.name === undefined ? null : checkName(request.name);
  await deps.checkReach(place, context.caller);
  const known = await deps.repositories.findByLocation(context.tenant, place.location);
  const credentials = place.credentials ?? (known && remoteOf(known, deps.vault).credentials);
  const head = await deps.remotes.head({ ...place, credentials, branch: known ? known.branch : branch }, { timeoutMs: deps.remoteTimeoutMs });
  const answer = await deps.database.transact(context, async (unit) => {
    const existing = known && (await deps.repositories.lock(unit.manager, known.repositoryId));
    return existing ? harvestAgain(deps, unit, existing, place, request.branch === undefined ? null : branch, context) : register(deps, unit, { place, branch, name, head, context });
  });
  deps.wake();
  const repository = await deps.repositories.get(context.tenant, answer.repositoryId);
  deps.log.info({ repositoryId: repository.repositoryId, name: repository.name, location: repository.location, created: answer.created }, 'repository added');
  return { repository: asRepository(repository), jobId: answer.jobId, correlationId: answer.correlationId, created: answer.created };
};

interface Added extends Requested {
  readonly repositoryId: string;
  readonly created: boolean;
}

interface Registration {
  readonly place: Location;
  readonly branch: string | null;
  /** The name asked for, or null to make one from the location. */
  readonly name: string | null;
  readonly head: Head;
  readonly context: RpcContext;
}

async function register(deps: RegisterDeps, unit: UnitOfWork, registration: Registration): Promise<Added> {
  const { place, branch, context } = registration;
  const repository = await insert(deps, unit, registration);
  // Somebody else added the same location between our look and our insert.
  if (repository === 'location') {
    const known = await deps.repositories.findByLocation(context.tenant, place.location, unit.manager);
    const existing = known && (await deps.repositories.lock(unit.manager, known.repositoryId));
    if (!existing) throw Fault.transient('busy', `${place.location} is being added and removed at the same time: try again`);
    return harvestAgain(deps, unit, existing, place, branch, context);
  }
  const { repositoryId, name, location } = repository;
  const causedBy = unit.announce({ type: 'repository.registered.v1', key: repositoryId, data: { repositoryId, name, location, branch } });
  return { repositoryId, created: true, ...(await requestHarvest(deps, unit, { repository, reason: 'registered', cause: context, causedBy })) };
}

async function insert(deps: RegisterDeps, unit: UnitOfWork, { place, branch, name, head, context }: Registration): Promise<RepositoryEntity | 'location'> {
  const base = name ?? nameOf(place.location);
  for (let number = 1; number <= MAX_SAME_NAMES; number += 1) {
    const repository = newRepository(deps, { ...place, branch, head, tenant: context.tenant, name: number === 1 ? base : `${base}-${number}` });
    const outcome = await deps.repositories.add(unit.manager, repository, deps.firstPollMs);
    if (outcome === 'added') return repository;
    if (outcome === 'location') return 'location';
    if (name !== null) throw Fault.permanent('name-taken', `another repository is already called '${name}': choose another name, or remove that one first`);
  }
  throw Fault.permanent('name-taken', `too many repositories are called '${base}': give this one a name`);
}

const MAX_SAME_NAMES = 1000;

function newRepository(deps: RegisterDeps, { location, transport, credentials, branch, head, tenant, name }: Location & { branch: string | null; head: Head; tenant: string; name: string }): RepositoryEntity {
  const now = deps.now();
  const repositoryId = deps.newId();
  return {
    repositoryId,
    tenant,
    name,
    location,
    transport,
    sealedCredentials: deps.vault.seal(repositoryId, credentials),
    branch,
    state: 'active',
    headRef: head.ref,
    headCommit: head.commit,
    headMovedAt: now,
    harvestedCommit: null,
    packDigest: null,
    factsMarkedAt: null,
    withheldCommit: null,
    unharvestedSince: now,
    lastPolledAt: now,
    lastError: null,
    nextPollAt: now,
    pollFailures: 0,
    harvestFailures: 0,
    retryAt: null,
    registeredAt: now,
    removedAt: null,
  };
}

async function harvestAgain(deps: RegisterDeps, unit: UnitOfWork, existing: RepositoryEntity, place: Location, branch: string | null, cause: Cause): Promise<Added> {
  if (branch !== null && branch !== existing.branch) {
    const followed = existing.branch ?? 'its default branch';
    throw Fault.permanent('already-registered', `${existing.location} is already watched as '${existing.name}' on ${followed}: remove that one first to watch ${branch} instead`);
  }
  // Adding again with a new token is how a token is renewed.
  if (place.credentials) await deps.repositories.saveCredentials(unit.manager, existing.repositoryId, deps.vault.seal(existing.repositoryId, place.credentials));
  return { repositoryId: existing.repositoryId, created: false, ...(await requestHarvest(deps, unit, { repository: existing, reason: 'manual', cause })) };
}

export const listRepositories = ({ repositories }: Pick<RegisterDeps, 'repositories'>) => async (request: HarvesterRepositoryListRequest, { tenant, repositories: visible }: RpcContext): Promise<HarvesterRepositoryListResponse> => {
  const { limit, after } = readPage(request, /./u);
  const page = pageOf(await repositories.list(tenant, visible, after ?? '', limit + 1), limit, (repository) => repository.name);
  return { repositories: page.rows.map(asRepository), next: page.next };
};

/** Stops watching a repository, cancels its harvests and deletes its mirror. What was harvested stays. */
export const removeRepository = (deps: RegisterDeps) => async (request: HarvesterRepositoryRemoveRequest, context: RpcContext): Promise<HarvesterRepositoryRemoveResponse> => {
  const { repositoryId, name } = await findRepository(deps.repositories, context, request.repository);
  const cancelled = await deps.database.transact(context, async (unit) => {
    if (!(await deps.repositories.lock(unit.manager, repositoryId))) throw notFound(request.repository);
    const jobs = await cancelOpenJobs(deps, unit, repositoryId);
    await deps.repositories.markRemoved(unit.manager, repositoryId, deps.now());
    unit.announce({ type: 'repository.removed.v1', key: repositoryId, data: { repositoryId, name } });
    return jobs;
  });
  for (const jobId of cancelled) deps.abort(jobId);
  await deps.mirrors.remove(repositoryId).catch((error: unknown) => deps.log.warn({ repositoryId, err: error }, 'the mirror of a removed repository could not be deleted'));
  deps.log.info({ repositoryId, name }, 'repository removed');
  return { repository: asRepository(await deps.repositories.get(context.tenant, repositoryId)) };
};

/** An active repository that the caller may know of, by its id, name or location. Throws permanent `repository-not-found`. */
export async function findRepository(repositories: RepositoryStore, caller: Pick<RpcContext, 'tenant' | 'repositories'>, selector: string): Promise<RepositoryEntity> {
  const found = await repositories.find(caller.tenant, selector, locationOf(selector));
  if (!found || !isAmong(caller.repositories, found.repositoryId)) throw notFound(selector);
  return found;
}

function locationOf(selector: string): string | null {
  try {
    return parseLocation(selector).location;
  } catch {
    return null;
  }
}

function notFound(selector: string): Fault {
  return Fault.permanent('repository-not-found', `no repository is watched under the id, name or location '${locationOf(selector) ?? selector.slice(0, 200)}': 'granary repos list' shows all of them`);
}
