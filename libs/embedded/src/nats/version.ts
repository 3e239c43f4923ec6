/** The oldest nats-server that can reset a consumer to its ack floor. */
export const OLDEST_NATS = '2.14.0';

/** The version in the answer of `nats-server --version` (`nats-server: v2.15.1`); null when there is none. */
export function parseVersion(output: string): string | null {
  return /\bv?(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null;
}

/** Whether `version` is `oldest` or later. Both are `major.minor.patch`. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [numbers(version), numbers(oldest)];
  for (let i = 0; i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

const numbers = (version: string) => version.split('.').map(Number);
