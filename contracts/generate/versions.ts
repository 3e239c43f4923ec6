/** The parts of a semantic version. */
export interface Version {
  text: string;
  major: number;
  minor: number;
  patch: number;
}

/** Reads `1.2.3`; null when it is not a semantic version without leading zeros. */
export function parseVersion(text: string): Version | null {
  const parts = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  if (!parts) return null;
  return { text, major: Number(parts[1]), minor: Number(parts[2]), patch: Number(parts[3]) };
}

/** Sorts numerically: 1.9.0 comes before 1.10.0. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** The highest of some versions, which is the one publishers write; undefined for none. */
export function highest<T extends { version: Version }>(versions: readonly T[]): T | undefined {
  return [...versions].sort((a, b) => compareVersions(a.version, b.version)).at(-1);
}
