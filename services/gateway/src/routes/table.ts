import { accessDocuments, type RpcOperation } from '@granary/contracts';
import { call, type CallRoute } from './route';

const pages = 'cursor';
const of = (thing: string): string[] => [`${thing}-not-found`];

/** Why a password is not taken, why somebody may not act on somebody else, and what of grants is refused beside that. */
const PASSWORDS = ['password-too-short', 'password-too-long', 'password-is-name', 'password-malformed'];
const MANAGING = ['owner-needed', 'more-than-own'];
const GRANTING = [...MANAGING, 'invalid-grants'];
/** What can be wrong with a repository's address, or with what is found there. */
const REMOTE = ['bad-location', 'location-refused', 'remote-unreachable', 'not-a-repository', 'empty-repository', 'branch-not-found', 'authentication-failed', 'host-key-unknown'];

const sessions = [
  call('sessions', 'POST', '/v1/sessions', 'auth.session.create', { access: 'public', status: 201, secret: true, repeat: 'once', refusals: ['login-refused', 'disabled', 'locked-out', 'busy'] }),
  call('sessions', 'POST', '/v1/sessions/refresh', 'auth.session.refresh', { access: 'public', secret: true, repeat: 'once', refusals: ['session-refused', 'session-ended', 'refresh-token-reused', 'disabled'] }),
  call('sessions', 'GET', '/v1/sessions', 'auth.session.list', { pages, refusals: ['bad-cursor', 'permission-missing', ...of('principal')] }),
  call('sessions', 'DELETE', '/v1/sessions/current', 'auth.session.end', { without: ['sid'], refusals: of('session') }),
  call('sessions', 'DELETE', '/v1/sessions/{sid}', 'auth.session.end', { refusals: of('session') }),
  call('identity', 'GET', '/v1/me', 'auth.identity.show'),
  call('identity', 'PUT', '/v1/me/password', 'auth.password.set', { without: ['principal'], repeat: 'once', refusals: [...PASSWORDS, 'old-password-missing', 'not-a-person', 'login-refused', 'locked-out', 'busy'] }),
];

const identity = [
  call('identity', 'GET', '/v1/principals', 'auth.principal.list', { pages, refusals: ['bad-cursor'] }),
  call('identity', 'POST', '/v1/principals', 'auth.principal.add', { status: 201, repeat: 'once', refusals: [...PASSWORDS, ...GRANTING, 'name-taken', 'name-is-id', 'not-a-person'] }),
  call('identity', 'GET', '/v1/principals/{principal}', 'auth.principal.show', { refusals: of('principal') }),
  call('identity', 'POST', '/v1/principals/{principal}/disable', 'auth.principal.disable', { refusals: [...of('principal'), ...MANAGING, 'last-owner'] }),
  call('identity', 'POST', '/v1/principals/{principal}/enable', 'auth.principal.enable', { refusals: [...of('principal'), ...MANAGING] }),
  call('identity', 'PUT', '/v1/principals/{principal}/password', 'auth.password.set', { without: ['old'], repeat: 'once', refusals: [...of('principal'), ...MANAGING, ...PASSWORDS, 'permission-missing', 'not-a-person'] }),
  call('identity', 'PUT', '/v1/principals/{principal}/grants', 'auth.grant.set', { versionField: 'version', refusals: [...of('principal'), ...GRANTING, 'last-owner', 'changed-meanwhile'] }),
  call('identity', 'GET', '/v1/keys', 'auth.key.list', { pages, refusals: ['bad-cursor', 'permission-missing', ...of('principal')] }),
  call('identity', 'POST', '/v1/keys', 'auth.key.issue', { status: 201, secret: true, repeat: 'once', refusals: [...of('principal'), ...MANAGING, 'permission-missing', 'invalid-scope', 'scope-too-wide', 'expiry-passed'] }),
  call('identity', 'DELETE', '/v1/keys/{id}', 'auth.key.revoke', { refusals: [...of('key'), ...MANAGING] }),
  call('identity', 'GET', '/v1/tenants', 'auth.tenant.list', { pages, refusals: ['bad-cursor'] }),
  call('identity', 'POST', '/v1/tenants', 'auth.tenant.add', { status: 201, repeat: 'once', refusals: [...PASSWORDS, 'tenant-taken'] }),
];

const repositories = [
  call('repositories', 'GET', '/v1/repositories', 'harvester.repository.list', { pages, refusals: ['bad-cursor'] }),
  call('repositories', 'POST', '/v1/repositories', 'harvester.repository.add', { status: 201, location: '/v1/jobs/{jobId}', refusals: ['name-taken', 'already-registered', 'bad-name', 'bad-branch', ...REMOTE] }),
  call('repositories', 'DELETE', '/v1/repositories/{repository}', 'harvester.repository.remove', { refusals: of('repository') }),
  call('harvests', 'POST', '/v1/repositories/{repository}/harvests', 'harvester.harvest.request', { status: 202, location: '/v1/jobs/{jobId}', refusals: of('repository') }),
  call('harvests', 'POST', '/v1/harvests', 'harvester.harvest.request-all', { status: 202 }),
  call('harvests', 'GET', '/v1/jobs', 'harvester.job.list', { pages, refusals: ['bad-cursor', ...of('repository')] }),
  call('harvests', 'GET', '/v1/jobs/{jobId}', 'harvester.job.show', { refusals: of('job') }),
  call('harvests', 'POST', '/v1/jobs/{jobId}/cancel', 'harvester.job.cancel', { refusals: [...of('job'), 'job-ended'] }),
];

const graphs = [
  call('graph', 'GET', '/v1/repositories/{repository}/graph', 'normalizer.graph.summary', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/repositories/{repository}/graph/dependents', 'normalizer.graph.dependents', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/repositories/{repository}/graph/cycles', 'normalizer.graph.cycles', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/repositories/{repository}/graph/why', 'normalizer.graph.why', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/repositories/{repository}/graph/impact', 'normalizer.graph.impact', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/repositories/{repository}/posture', 'harvester.posture.show', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/graph/search', 'normalizer.graph.search', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/graph/links', 'normalizer.repository.links', { refusals: ['not-found'] }),
  call('graph', 'GET', '/v1/graph/package-users', 'normalizer.package.users', { refusals: ['bad-range'] }),
  call('graph', 'GET', '/v1/graph/artifacts/{digest}', 'normalizer.artifact.read', { refusals: of('artifact') }),
  call('graph', 'GET', '/v1/harvests/artifacts/{digest}', 'harvester.artifact.read', { refusals: of('artifact') }),
];

const findings = [
  call('findings', 'GET', '/v1/findings', 'harvester.finding.list', { pages, refusals: ['bad-cursor', ...of('repository')] }),
  call('findings', 'POST', '/v1/repositories/{repository}/findings/{findingId}/allow', 'harvester.finding.allow', { refusals: of('finding') }),
  call('findings', 'POST', '/v1/repositories/{repository}/findings/{findingId}/revoke', 'harvester.finding.revoke', { refusals: of('finding') }),
  call('findings', 'GET', '/v1/gate', 'harvester.gate.show'),
  call('findings', 'PATCH', '/v1/gate', 'harvester.gate.set', { refusals: ['bad-rules'] }),
];

const events = [
  call('events', 'GET', '/v1/events', 'audit.events.search', { pages: 'position', tenantField: 'tenant' }),
  call('events', 'GET', '/v1/events/{eventId}', 'audit.events.show', { refusals: ['not-found'] }),
  call('events', 'GET', '/v1/log', 'audit.log.status', { cache: 'never' }),
  call('events', 'GET', '/v1/objectives', 'audit.objective.show', { cache: 'never' }),
];

const proofs = [
  call('proofs', 'GET', '/v1/events/{eventId}/proof', 'audit.proof.event', { refusals: ['not-found', 'not-in-the-tree', 'not-proven-yet', 'log-suspect', 'tree-contradicts', 'tile-missing'] }),
  call('proofs', 'GET', '/v1/log/checkpoints', 'audit.checkpoint.list'),
  call('proofs', 'GET', '/v1/log/checkpoints/latest', 'audit.checkpoint.latest', { cache: 'never' }),
  call('proofs', 'GET', '/v1/log/consistency', 'audit.proof.consistency', { refusals: ['proof-impossible', 'tile-missing'] }),
  call('proofs', 'GET', '/v1/log/records', 'audit.export.read', { pages: 'position', refusals: ['not-proven-yet', 'log-suspect', 'tree-contradicts', 'tile-missing'] }),
  call('proofs', 'GET', '/v1/log/checkpoint-keys', 'audit.checkpoint-key.list'),
  call('proofs', 'POST', '/v1/log/checkpoint-keys', 'audit.checkpoint-key.rotate', { status: 201, repeat: 'once' }),
];

const audit = [
  call('audit', 'GET', '/v1/audit/records', 'audit.record.search', { pages, refusals: ['bad-cursor'] }),
  call('audit', 'GET', '/v1/audit/records/{eventId}', 'audit.record.show', { refusals: ['not-found'] }),
  call('audit', 'GET', '/v1/audit/summary', 'audit.summary.show', { refusals: ['bad-range'] }),
  call('audit', 'GET', '/v1/audit/reports/{month}', 'audit.report.show', { refusals: ['bad-range'] }),
  call('audit', 'GET', '/v1/audit/prices', 'audit.price.list'),
  call('audit', 'POST', '/v1/audit/prices', 'audit.price.set', { status: 201, refusals: ['bad-prices', 'version-taken'] }),
  call('audit', 'GET', '/v1/audit/prices/{version}', 'audit.price.show', { refusals: ['not-found'] }),
  call('audit', 'GET', '/v1/audit/budgets', 'audit.budget.list'),
  call('audit', 'PUT', '/v1/audit/budgets/{name}', 'audit.budget.set', { refusals: ['too-many-budgets'] }),
  call('audit', 'DELETE', '/v1/audit/budgets/{name}', 'audit.budget.remove', { refusals: ['not-found'] }),
];

const backups = [
  call('backups', 'GET', '/v1/backups', 'cache-janitor.backup.list', { cache: 'never', refusals: ['backups-off'] }),
  call('backups', 'POST', '/v1/backups', 'cache-janitor.backup.create', { status: 202, refusals: ['backups-off'] }),
  call('backups', 'POST', '/v1/backups/verify', 'cache-janitor.backup.verify', { status: 202, refusals: ['backups-off', 'backup-not-found'] }),
];

const decided = { refusals: [...of('replay'), 'replay-state'] };

const replays = [
  call('replays', 'GET', '/v1/replays', 'audit.replay.list', { pages, refusals: ['bad-cursor'] }),
  call('replays', 'POST', '/v1/replays', 'audit.replay.plan', { status: 202, refusals: ['consumer-not-found', 'not-replayable', 'types-not-read', 'tenant-foreign', 'times-reversed'] }),
  call('replays', 'GET', '/v1/replays/{jobId}', 'audit.replay.show', { refusals: of('replay') }),
  call('replays', 'POST', '/v1/replays/{jobId}/start', 'audit.replay.start', { refusals: [...decided.refusals, 'nothing-selected'] }),
  call('replays', 'POST', '/v1/replays/{jobId}/pause', 'audit.replay.pause', decided),
  call('replays', 'POST', '/v1/replays/{jobId}/resume', 'audit.replay.resume', decided),
  call('replays', 'POST', '/v1/replays/{jobId}/cancel', 'audit.replay.cancel', decided),
];

const heldBy = (service: 'normalizer') => [
  call('held events', 'GET', `/v1/services/${service}/held`, `${service}.held.list`, { pages, tenantField: 'tenant', refusals: ['bad-cursor'] }),
  call('held events', 'GET', `/v1/services/${service}/held/{consumer}/{position}`, `${service}.held.show`, { refusals: ['not-found'] }),
  call('held events', 'POST', `/v1/services/${service}/held/redrive`, `${service}.held.redrive`, { refusals: ['nothing-selected', 'not-found'] }),
  call('held events', 'POST', `/v1/services/${service}/held/{consumer}/{position}/discard`, `${service}.held.discard`, { refusals: ['not-found'] }),
];

const caches = [
  call('caches', 'GET', '/v1/cache', 'cache-janitor.cache.manifest', { pages, refusals: ['bad-cursor', ...of('owner')] }),
  call('caches', 'GET', '/v1/cache/stats', 'cache-janitor.cache.stats', { cache: 'never' }),
  call('caches', 'GET', '/v1/cache/cycles', 'cache-janitor.cycle.list', { pages, refusals: ['bad-cursor'] }),
  call('caches', 'POST', '/v1/cache/cycles', 'cache-janitor.cache.sweep', { status: 202, location: '/v1/cache/cycles/{cycleId}' }),
  call('caches', 'GET', '/v1/cache/cycles/{cycleId}', 'cache-janitor.cycle.show', { pages, refusals: ['bad-cursor', ...of('cycle')] }),
];

type Announcer = 'audit' | 'auth' | 'cache-janitor' | 'harvester' | 'normalizer' | 'registry';

const outboxOf = (service: Announcer) => [
  call('refused announcements', 'GET', `/v1/services/${service}/outbox`, `${service}.outbox.list`, { pages, refusals: ['bad-cursor'] }),
  call('refused announcements', 'GET', `/v1/services/${service}/outbox/{id}`, `${service}.outbox.show`, { refusals: ['not-found'] }),
  call('refused announcements', 'POST', `/v1/services/${service}/outbox/{id}/retry`, `${service}.outbox.retry`, { refusals: ['not-found'] }),
  call('refused announcements', 'POST', `/v1/services/${service}/outbox/{id}/discard`, `${service}.outbox.discard`, { refusals: ['not-found'] }),
];

const ANNOUNCERS: readonly Announcer[] = ['audit', 'auth', 'cache-janitor', 'harvester', 'normalizer', 'registry'];

/** Every route that is a call: one row each. */
export const callRoutes: readonly CallRoute[] = [...sessions, ...identity, ...repositories, ...graphs, ...findings, ...events, ...proofs, ...audit, ...caches, ...backups, ...replays, ...heldBy('normalizer'), ...ANNOUNCERS.flatMap(outboxOf)];

/** Operations that people may ask for and that have no route, with the reason. */
export const withoutRoute: Readonly<Partial<Record<RpcOperation, string>>> = {
  'auth.key.exchange': 'an API key is sent with each request, and the gateway exchanges it',
  'auth.trust.read': 'it says whom services believe; clients need not',
};

/** The operations that the operator may call, and the gateway too. */
export const offered: readonly RpcOperation[] = accessDocuments['operator']?.calls ?? [];
