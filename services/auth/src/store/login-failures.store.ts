import type { EntityManager } from 'typeorm';
import type { Failures } from '../log-in/lockout';
import { LoginFailuresEntity } from './login-failures.entity';

/** Wrong passwords in a row. Every call runs in a unit of work that says whose rows it sees. */
export const loginFailureStore = {
  /** What is known, which nobody else changes before the transaction ends, also when nothing is known. */
  async lock(manager: EntityManager, tenant: string, subject: string, now: Date): Promise<Failures> {
    const [known] = (await manager.query(
      `insert into login_failures (tenant, subject, failures, since, locks, last_at) values ($1, $2, 0, $3, 0, $3)
       on conflict (tenant, subject) do update set last_at = excluded.last_at
       returning failures, since, locked_until as "lockedUntil", locks`,
      [tenant, subject, now],
    )) as Failures[];
    return known ?? { failures: 0, since: now, lockedUntil: null, locks: 0 };
  },

  async save(manager: EntityManager, tenant: string, subject: string, { failures, since, lockedUntil, locks }: Failures, lastAt: Date): Promise<void> {
    await manager.update(LoginFailuresEntity, { tenant, subject }, { failures, since, lockedUntil, locks, lastAt });
  },

  /** An attempt that was counted and then never judged. */
  async takeBack(manager: EntityManager, tenant: string, subject: string): Promise<void> {
    await manager.query('update login_failures set failures = greatest(failures - 1, 0) where tenant = $1 and subject = $2 and locked_until is null', [tenant, subject]);
  },

  async forget(manager: EntityManager, tenant: string, subject: string): Promise<void> {
    await manager.delete(LoginFailuresEntity, { tenant, subject });
  },

  /** Forgets what is older than a moment, and of names that nobody has all but the newest. */
  async prune(manager: EntityManager, before: Date, mostNames: number): Promise<void> {
    await manager.query('delete from login_failures where last_at < $1 and (locked_until is null or locked_until < $1)', [before]);
    await manager.query(`delete from login_failures where (tenant, subject) in (select tenant, subject from login_failures where subject like 'name:%' order by last_at desc offset $1)`, [mostNames]);
  },
};
