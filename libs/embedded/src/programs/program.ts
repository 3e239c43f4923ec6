import type { Unpacked } from '../debian/fetch-programs.client';

/** A program of others that Granary runs. */
export interface Program<N extends string = string> {
  /** Debian's package, and the program in it, by the same name. */
  readonly name: N;
  /** Other names that it has in PATH. */
  readonly aliases?: readonly string[];
  /** The environment variable that names an own one. */
  readonly variable: string;
  /** `major.minor.patch` */
  readonly oldest: string;
  /** What Debian's package needs to run from where it is unpacked. */
  readonly finish?: (place: Unpacked) => void;
  /** How else to get it, a line each. */
  readonly otherWays: readonly string[];
}

/** What to tell somebody for whom `programs` could not be found, and why they could not be fetched either. */
export function missingMessage(programs: readonly Program[], why: string): string {
  const wanted = programs.map(({ name, oldest }) => `no ${name} ${oldest} or later`).join(' and ');
  const ways = programs.flatMap(({ otherWays }) => otherWays);
  const article = programs.length === 1 ? 'Get one' : 'Get them';
  return `${wanted} was found, and ${why}. ${article} in one of these ways and start again:\n${ways.map((way) => `  - ${way}`).join('\n')}`;
}
