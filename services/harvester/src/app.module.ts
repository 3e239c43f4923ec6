import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { askConsumers, askReplays } from '@granary/messaging';
import { artifactShelf, createLookups } from '@granary/persistence';
import { countedLookups } from '@granary/service-host';
import type { Host, ServiceDefinition, Wired } from '@granary/service-host';
import { v7 } from 'uuid';
import type { WorkerProgram } from './analyse/pool.client';
import { createAnalysisPool } from './analyse/pool.client';
import { markFacts } from './cache/mark-facts.worker';
import { openMirrorFolder } from './cache/mirror-folder.client';
import { mirrorCache } from './cache/mirrors.worker';
import type { HarvesterConfig } from './config';
import { config, inheritedEnvironment, isProxied, reachOf } from './config';
import { harvest } from './harvest/harvest.handler';
import { createKnownSnapshots } from './harvest/known';
import { createRuleSets } from './harvest/rule-sets';
import { doubling } from './harvest/retry';
import { JobRunner } from './harvest/run-jobs.worker';
import { harvesterMeters } from './metrics';
import { ruleSetOf } from '@granary/extract';
import { keyFile } from '@granary/security';
import { createGitApart, gitEnvironment, gitVersion } from '@granary/git';
import type { StarterProgram } from '@granary/git';
import { createMirrors, prepareGitConfiguration } from './mirror/mirror.client';
import { createRemotes } from './mirror/remote.client';
import { asGate } from './find/gate.handler';
import { findingKey } from './find/finding-key';
import { createVault } from './register/vault';
import { createReachGuard } from './register/reach.guard';
import { rpcs } from './rpcs';
import { ArtifactEntity } from './store/artifact.entity';
import { ArtifactStore, ARTIFACT_IN_USE } from './store/artifact.store';
import { FactEntity } from './store/fact.entity';
import { FactStore } from './store/fact.store';
import { JobEntity } from './store/job.entity';
import { JobStore } from './store/job.store';
import { AiUsageStore } from './store/ai-usage.store';
import { FindingEntity } from './store/finding.entity';
import { FindingStore } from './store/finding.store';
import { GateEntity } from './store/gate.entity';
import { GateStore } from './store/gate.store';
import { ArtifactRepositories1785000000000 } from './store/migrations/artifact-repositories.migration';
import { Caches1790000000000 } from './store/migrations/caches.migration';
import { MirrorStore } from './store/mirror.store';
import { factShelf } from './store/fact-shelf.store';
import { Findings1745000000000 } from './store/migrations/findings.migration';
import { Freshness1750000000000 } from './store/migrations/freshness.migration';
import { Harvests1740000000000 } from './store/migrations/harvests.migration';
import { JobContext1795000000000 } from './store/migrations/job-context.migration';
import { TenantRows1780000000000 } from './store/migrations/tenant-rows.migration';
import { Withheld1760000000000 } from './store/migrations/withheld.migration';
import { RepositoryEntity } from './store/repository.entity';
import { RepositoryStore } from './store/repository.store';
import { mirrorCheck } from './watch/health.client';
import { readStanding } from './watch/standing.client';
import { Watch } from './watch/watch.worker';

const MAX_ATTEMPTS = 3;
const MINUTE_MS = 60_000;

// Loads the rules and makes them ready while the program starts: later it would hold up whatever the service does.
const ruleSets = createRuleSets(ruleSetOf);
ruleSets([]);

/** Programs that the harvester runs in processes of their own. */
interface Programs {
  readonly worker: WorkerProgram;
  readonly starter?: StarterProgram;
}

const BUILT: Programs = { worker: { file: join(__dirname, 'analyse', 'analyse.worker.js') } };

/** The harvester: the one place where its parts meet. Only tests run other programs than the built ones. */
export const harvesterService = (programs: Programs = BUILT): ServiceDefinition<HarvesterConfig> => ({
  name: 'harvester',
  config,
  entities: [RepositoryEntity, JobEntity, FactEntity, ArtifactEntity, FindingEntity, GateEntity],
  migrations: [Harvests1740000000000, Findings1745000000000, Freshness1750000000000, Withheld1760000000000, TenantRows1780000000000, ArtifactRepositories1785000000000, Caches1790000000000, JobContext1795000000000],
  slow: ({ slowMs: harvest }) => ({ harvest }),
  wire: (host) => wire(host, programs),
});

async function wire({ config: settings, database, rpc, metrics, slow, log, now }: Host<HarvesterConfig>, { worker, starter }: Programs): Promise<Wired> {
  const dataDir = resolve(settings.dataDir);
  const mirrorFolder = join(dataDir, 'mirrors');
  const environment = { inherited: inheritedEnvironment(settings), configFile: await prepareGitConfiguration(mirrorFolder) };
  const git = createGitApart(environment, starter);
  log.info({ git: await gitVersion(git) }, 'git found');

    const repositories = new RepositoryStore(database);
  const jobs = new JobStore(database, MAX_ATTEMPTS);
  const meters = harvesterMeters(metrics, { standing: () => readStanding({ jobs, repositories, now }), keepMs: settings.metricsKeepMs, log });
  const { lookups, task: countLookups } = countedLookups({ lookups: createLookups(database), kinds: ['artifact', 'facts', 'mirror'], metrics, log });
  const facts = new FactStore(database, settings.repairMs, lookups);
  const findings = new FindingStore(database);
  const usage = new AiUsageStore(database);
  const gates = new GateStore(database);
  const artifacts = new ArtifactStore(database);
  const key = await keyFile(join(dataDir, 'harvester.key'), ' and add the repositories with credentials again');
  const vault = createVault(key, randomBytes);
  const remotes = createRemotes({ git });
  const mirrors = createMirrors({ git, folder: mirrorFolder, fetchTimeoutMs: settings.fetchTimeoutMs, log });
  const pool = createAnalysisPool({
    program: worker,
    size: settings.workers || Math.max(1, availableParallelism() - 1),
    memoryMb: Math.ceil(settings.workerMemory / 2 ** 20),
    blobDeadlineMs: settings.blobDeadlineMs,
    idleMs: settings.workerIdleMs,
    batchBytes: settings.batchBytes,
    batchUnits: 200,
    env: gitEnvironment(environment),
    log,
    onRestart: meters.workerEnded,
  });
  const known = createKnownSnapshots(settings.knownBytes);
  const { remoteTimeoutMs, leaseMs, lookMs } = settings;
  const runner = new JobRunner({
    harvest: harvest({ lookups, repositories, facts, artifacts, findings, usage, gates, known, ruleSetOf: ruleSets, keyOf: (tenant) => findingKey(key, tenant), remotes, mirrors, pool, vault, remoteTimeoutMs, now }),
    database,
    jobs,
    repositories,
    meters,
    slow,
    log,
    now,
    owner: `${hostname()}-${process.pid}-${randomUUID()}`,
    slots: settings.harvests,
    leaseMs,
    lookMs,
    pace: { maxAttempts: MAX_ATTEMPTS, againMs: settings.againMs, anewMs: doubling(settings.anewMs) },
  });
  const common = { database, repositories, jobs, remotes, vault, log, now, newId: v7, wake: () => runner.wake() };
  const pace = { remote: { busyMs: settings.pollBusyMs, quietMs: settings.pollQuietMs }, local: { busyMs: settings.pollLocalBusyMs, quietMs: settings.pollLocalQuietMs } };
  const watch = new Watch({ ...common, meters, random: Math.random, pace, timeoutMs: remoteTimeoutMs, slots: settings.polls, lookMs });
  const mirrorsHere = mirrorCache({ folder: await openMirrorFolder(mirrorFolder), mirrors: new MirrorStore(database), log, everyMs: MINUTE_MS });
  const kept = artifactShelf({ database, inUse: ARTIFACT_IN_USE, askConsumers: askConsumers(rpc, 'granary/harvester', ['harvest.completed.v1', 'finding.summarized.v1']), askReplays: askReplays(rpc) });
  const shelves = [kept, factShelf(database, now), mirrorsHere.shelf];
  const ruleSetOf = async (tenant: string) => ruleSets(asGate(await gates.of(tenant)).rules);
  const marking = markFacts({ repositories, artifacts, facts, ruleSetOf, log, everyMs: MINUTE_MS });
  return {
    rpcs: rpcs({ ...common, shelves, lookups, artifacts, findings, usage, gates, mirrors, checkReach: createReachGuard({ reach: reachOf(settings), proxied: isProxied(settings) }), remoteTimeoutMs, firstPollMs: settings.pollLocalBusyMs, abort: (jobId) => runner.abort(jobId), onCancelled: () => meters.jobEnded('cancelled') }),
    checks: [mirrorCheck(mirrorFolder)],
    disks: { data: dataDir },
    tasks: [{ name: 'git', start: async () => undefined, stop: async () => git.stop() }, { name: 'analysis', start: async () => undefined, stop: pool.stop }, runner, watch, countLookups, mirrorsHere.task, marking],
  };
}
