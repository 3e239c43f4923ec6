import { createRequire } from 'node:module';
import type * as ai from './ai/ai.handler';
import type * as audit from './audit/audit.handler';
import type * as auditExport from './audit/export.handler';
import type * as auditProof from './audit/proof.handler';
import type * as backup from './backup/backup.handler';
import type * as cache from './cache/cache.handler';
import type * as doctor from './doctor/doctor.handler';
import type * as drain from './drain/drain.handler';
import type * as events from './events/events.handler';
import type * as graph from './graph/graph.handler';
import type * as questions from './graph/questions.handler';
import type * as harvest from './harvest/harvest.handler';
import type * as held from './held/held.handler';
import type * as grants from './identity/grants.handler';
import type * as keys from './identity/keys.handler';
import type * as login from './identity/login.handler';
import type * as tenants from './identity/tenants.handler';
import type * as tokens from './identity/tokens.handler';
import type * as users from './identity/users.handler';
import type * as jobs from './jobs/jobs.handler';
import type * as outbox from './outbox/outbox.handler';
import type * as publishers from './publishers/publishers.handler';
import type * as replay from './replay/replay.handler';
import type * as repos from './repos/repos.handler';
import type * as sbom from './sbom/sbom.handler';
import type * as scan from './scan/scan.handler';
import type * as secretsGate from './secrets/gate.handler';
import type * as secretsKnown from './secrets/known.handler';
import type * as secretsScan from './secrets/secrets.handler';
import type { CommandSpec } from './shell/command';
import type * as slo from './slo/slo.handler';
import type * as status from './status/status.handler';
import type * as support from './support/support.handler';
import type * as up from './up/up.handler';

/** The commands of one file: loaded when one of them is called, since what talks to the platform takes longer to load than a small repository to scan. */
interface Part {
  readonly names: readonly string[];
  load(): readonly CommandSpec[];
}

/** Everything that `granary` can do, in the order that --help and the README list it. */
const PARTS: readonly Part[] = [
  part<typeof up>('./up/up.handler', { up: 'up' }),
  part<typeof status>('./status/status.handler', { status: 'status' }),
  part<typeof doctor>('./doctor/doctor.handler', { doctor: 'doctor' }),
  part<typeof support>('./support/support.handler', { 'support-bundle': 'supportBundle' }),
  part<typeof drain>('./drain/drain.handler', { drain: 'drain' }),
  part<typeof harvest>('./harvest/harvest.handler', { harvest: 'harvest' }),
  part<typeof scan>('./scan/scan.handler', { scan: 'scan' }),
  part<typeof repos>('./repos/repos.handler', { 'repos list': 'reposList', 'repos add': 'reposAdd', 'repos remove': 'reposRemove' }),
  part<typeof jobs>('./jobs/jobs.handler', { 'jobs list': 'jobsList', 'jobs show': 'jobsShow', 'jobs cancel': 'jobsCancel' }),
  part<typeof graph>('./graph/graph.handler', { 'graph show': 'graphShow', 'graph dependents': 'graphDependents', 'graph cycles': 'graphCycles' }),
  part<typeof questions>('./graph/questions.handler', { 'graph why': 'graphWhy', 'graph impact': 'graphImpact', 'graph search': 'graphSearch', 'graph users': 'graphUsers', 'graph links': 'graphLinks' }),
  part<typeof sbom>('./sbom/sbom.handler', { sbom: 'sbom' }),
  part<typeof events>('./events/events.handler', { 'events tail': 'eventsTail', 'events search': 'eventsSearch', 'events show': 'eventsShow', 'events trace': 'eventsTrace' }),
  part<typeof audit>('./audit/audit.handler', { 'audit search': 'auditSearch', 'audit summary': 'auditSummary', 'audit report': 'auditReport', 'audit prices': 'auditPrices', 'audit budgets': 'auditBudgets' }),
  part<typeof auditProof>('./audit/proof.handler', {
    'audit show': 'auditShow', 'audit check': 'auditCheck', 'audit checkpoints': 'auditCheckpoints', 'audit consistency': 'auditConsistency', 'audit keys': 'auditKeys', 'audit rotate-key': 'auditRotateKey',
  }),
  part<typeof auditExport>('./audit/export.handler', { 'audit verify': 'auditVerify', 'audit export': 'auditExport' }),
  part<typeof held>('./held/held.handler', { 'held list': 'heldList', 'held show': 'heldShow', 'held redrive': 'heldRedrive', 'held discard': 'heldDiscard' }),
  part<typeof replay>('./replay/replay.handler', { 'replay plan': 'replayPlan', 'replay start': 'replayStart', 'replay status': 'replayStatus', 'replay pause': 'replayPause', 'replay resume': 'replayResume', 'replay cancel': 'replayCancel' }),
  part<typeof outbox>('./outbox/outbox.handler', { 'outbox list': 'outboxList', 'outbox show': 'outboxShow', 'outbox retry': 'outboxRetry', 'outbox discard': 'outboxDiscard' }),
  part<typeof cache>('./cache/cache.handler', { 'cache manifest': 'cacheManifest', 'cache sweep': 'cacheSweep', 'cache stats': 'cacheStats', 'cache cycles': 'cacheCycles' }),
  part<typeof secretsKnown>('./secrets/known.handler', { 'secrets list': 'secretsList', 'secrets allow': 'secretsAllow', 'secrets revoke': 'secretsRevoke' }),
  part<typeof secretsGate>('./secrets/gate.handler', { 'secrets gate': 'secretsGate' }),
  part<typeof secretsScan>('./secrets/secrets.handler', { 'secrets scan': 'secretsScan' }),
  part<typeof ai>('./ai/ai.handler', { 'ai show': 'aiShow' }),
  part<typeof backup>('./backup/backup.handler', { 'backup list': 'backupList', 'backup create': 'backupCreate', 'backup verify': 'backupVerify', 'backup keys': 'backupKeys', 'backup restore': 'backupRestore' }),
  part<typeof slo>('./slo/slo.handler', { 'slo report': 'sloReport' }),
  part<typeof login>('./identity/login.handler', { login: 'login', logout: 'logout', whoami: 'whoami' }),
  part<typeof tokens>('./identity/tokens.handler', { 'tokens issue': 'tokensIssue', 'tokens list': 'tokensList', 'tokens end': 'tokensEnd' }),
  part<typeof users>('./identity/users.handler', { 'users list': 'usersList', 'users add': 'usersAdd', 'users disable': 'usersDisable', 'users enable': 'usersEnable', 'users password': 'usersPassword' }),
  part<typeof grants>('./identity/grants.handler', { 'grants set': 'grantsSet' }),
  part<typeof keys>('./identity/keys.handler', { 'keys list': 'keysList', 'keys issue': 'keysIssue', 'keys revoke': 'keysRevoke' }),
  part<typeof tenants>('./identity/tenants.handler', { 'tenants list': 'tenantsList', 'tenants add': 'tenantsAdd' }),
  part<typeof publishers>('./publishers/publishers.handler', { 'publishers list': 'publishersList', 'publishers add': 'publishersAdd', 'publishers remove': 'publishersRemove' }),
];

/** What the first words of two-word commands are about. */
export const groups: Readonly<Record<string, string>> = {
  repos: 'the repositories that Granary watches',
  jobs: 'harvest jobs',
  graph: 'the graphs of repositories',
  events: 'the event log',
  audit: 'the record of everything that happened, its proof, and what was done with AI',
  held: 'events that consumers could not handle',
  replay: 'events of the log that a consumer handles again',
  outbox: 'events that the stream refused',
  cache: 'what is kept to save time, and its limits',
  secrets: 'secrets and personal data in files and repositories',
  ai: 'how repositories use AI',
  backup: 'backups of the platform',
  slo: 'what Granary promises, and how it is kept',
  tokens: 'access tokens and the sessions they belong to',
  users: 'people and service accounts',
  grants: 'the roles of people and service accounts',
  keys: 'API keys',
  tenants: 'tenants of the platform',
  publishers: 'programs that hand in events over NATS',
};

/** Every command. */
export function allCommands(): readonly CommandSpec[] {
  return PARTS.flatMap((one) => one.load());
}

/** What is needed to read a command line: the command that it names and those of the same file, or all of them where it names none. */
export function commandsFor([first = '', second = '']: readonly string[]): readonly CommandSpec[] {
  const named = PARTS.find(({ names }) => names.includes(first) || names.includes(`${first} ${second}`));
  return named === undefined ? allCommands() : named.load();
}

/** The names of exports that are commands. */
type CommandOf<M> = { [K in keyof M]: M[K] extends CommandSpec ? K : never }[keyof M];

function part<M>(file: string, exported: Readonly<Record<string, CommandOf<M>>>): Part {
  return {
    names: Object.keys(exported),
    load: () => {
      const module = createRequire(__filename)(file) as M;
      return Object.values(exported).map((name) => module[name] as CommandSpec);
    },
  };
}
