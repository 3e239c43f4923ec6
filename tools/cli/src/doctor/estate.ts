import type { Repository } from '@granary/contracts';
import { formatBytes, formatCount, formatDuration, formatSince, plural } from '../shell/format';
import { about, type Check } from './check';
import { listed, type RunningEvidence, samples, type ServiceVitals, sumOver } from './evidence';

const remotes = about({ name: 'remotes', why: 'What is pushed to these repositories is not noticed: their graphs stay as they are.', runbook: 'PollingBudgetBurns' });

/** The repositories of the own tenant; figures of the harvester count those of all. */
export function checkRemotes(answer: RunningEvidence['repositories']): Check {
  if (answer.state === 'failed') return remotes.unknown(answer.why);
  const watched = answer.value.filter(({ state }) => state === 'active');
  const failing = watched.filter(({ lastError }) => lastError !== null);
  if (failing.length === 0) return remotes.ok(watched.length === 0 ? 'no repository is watched' : `all ${formatCount(watched.length)} can be read`);
  const finding = `${plural(failing.length, 'repository', 'repositories')} of ${formatCount(watched.length)} cannot be read: ${listed(failing.map(describeRemote), 2)}.`;
  const advice = 'Try it as the harvester does: `git ls-remote <location>` on its machine. Not found: was it moved or deleted (`granary repos remove`)? Refused: its credentials. No answer: network, proxy, or the remote itself.';
  return failing.length === watched.length ? remotes.fail(finding, advice) : remotes.warn(finding, advice);
}

const describeRemote = ({ name, lastError }: Repository): string => `${name} (${shortened(lastError ?? '')})`;
const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

const freshness = about({ name: 'freshness', why: 'Users see an older state of these repositories than there is.', runbook: 'FreshnessTooOld' });

const [LATE_S, TOO_LATE_S] = [300, 3_600];

export function checkFreshness(services: readonly ServiceVitals[], repositories: RunningEvidence['repositories'], now: Date): Check {
  const worst = Math.max(-1, ...samples(services, 'granary_repository_freshness_worst_seconds').map(({ value }) => value).filter(Number.isFinite));
  const waiting = repositories.state === 'answered' ? repositories.value.filter(({ state, unharvestedSince }) => state === 'active' && unharvestedSince !== null) : [];
  const oldest = waiting.toSorted((a, b) => (a.unharvestedSince ?? '').localeCompare(b.unharvestedSince ?? ''))[0];
  const seconds = Math.max(worst, oldest?.unharvestedSince ? (now.getTime() - Date.parse(oldest.unharvestedSince)) / 1000 : -1);
  if (worst < 0 && repositories.state === 'failed') return freshness.unknown(`the harvester did not say; ${repositories.why}`);
  if (seconds <= LATE_S) return freshness.ok(seconds <= 0 ? 'the newest commit of every repository is harvested' : `the oldest commit that is not harvested was seen ${formatDuration(seconds * 1000)} ago`);
  const named = oldest ? `; longest ${oldest.name}` : '';
  const finding = `A commit that was seen ${formatDuration(seconds * 1000)} ago is not harvested${named}.`;
  const advice = 'See what its job does with `granary jobs list`, and why one failed with `granary jobs show <job>`.';
  return seconds > TOO_LATE_S ? freshness.fail(finding, advice) : freshness.warn(finding, advice);
}

const backups = about({ name: 'backups', why: 'If the disk were lost now, so would be everything since the last backup that was proven to be right.', runbook: 'BackupNotVerified' });

const [LATE_H, TOO_LATE_H] = [36, 8 * 24];

export function checkBackups(services: readonly ServiceVitals[]): Check {
  const told = samples(services, 'granary_backup_verified_age_seconds').map(({ value }) => value);
  const janitors = services.filter(({ report, metrics }) => report.service === 'cache-janitor' && metrics !== null);
  if (told.length === 0 && janitors.length > 0) {
    return backups.warn('None are made here.', 'Set GRANARY_BACKUP_DATABASE_URL for a cache-janitor on a machine with Granary installed, or back up broker and database in another way, both at one moment.', { why: 'If the disks were lost now, so would be everything that nobody else keeps.' });
  }
  const ages = told.filter((value) => !Number.isNaN(value));
  if (ages.length === 0) return backups.unknown('the cache janitor did not say');
  const [age, kept] = [Math.min(...ages), sumOver(services, 'granary_backups') ?? 0];
  const advice = 'Make one now with `granary backup create`; `granary backup list` says why the last ones failed.';
  if (kept === 0) return backups.warn('There is no backup.', advice, { why: 'If the disk were lost now, so would be everything.' });
  if (age === Infinity) return backups.fail(`Of ${plural(kept, 'backup')} none was ever proven to be right.`, 'Prove the newest with `granary backup verify`; `granary backup list` says why it failed.');
  const finding = `${plural(kept, 'backup')}, ${formatBytes(sumOver(services, 'granary_backup_bytes') ?? 0)}; one was last proven to be right ${formatSince(new Date(0).toISOString(), new Date(age * 1000))} ago`;
  if (age > TOO_LATE_H * 3_600) return backups.fail(`${finding}.`, advice);
  return age > LATE_H * 3_600 ? backups.warn(`${finding}.`, advice) : backups.ok(finding);
}
