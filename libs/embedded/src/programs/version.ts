/** The version in what a program says about it (`nats-server: v2.15.1`, `prometheus, version 3.5.3+ds1 (branch: …`); null when there is none. */
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
