import { Fault } from '@granary/faults';
import { isPublicAddress, readAddress } from './address';
import type { Location } from './location';

/** What people who do not run this machine may let it fetch, beside public hosts. Nothing more unless somebody says so. */
export interface Reach {
  /** Folders; what lies below them may be fetched. */
  readonly paths: readonly string[];
  /** Hosts that need not be public, by name or address; `*.example.org` for those below a name. */
  readonly hosts: readonly string[];
}

export type Judgement =
  | { readonly state: 'allowed' }
  | { readonly state: 'refused'; readonly fault: Fault }
  /** It depends on where this name leads, or where this path really is. */
  | { readonly state: 'look'; readonly at: 'host' | 'path'; readonly name: string };

/** Whether a location may be fetched for somebody who does not run this machine: what it can reach, they must not reach by it. */
export function judgeLocation(place: Pick<Location, 'location' | 'transport'>, reach: Reach): Judgement {
  if (place.transport === 'file') return isBelow(place.location, reach.paths) ? { state: 'look', at: 'path', name: place.location } : refusedPath();
  const host = hostOf(place.location);
  if (host === null || host.includes('%')) return refusedHost('its host cannot be read for certain');
  if (isListed(host, reach.hosts)) return { state: 'allowed' };
  if (readAddress(host)) return isPublicAddress(host) ? { state: 'allowed' } : refusedHost('its host is not one of the open internet');
  return { state: 'look', at: 'host', name: host };
}

/** The same of a name, once it is known where it leads. All of its addresses have to be public, because any may be taken. */
export function judgeAddresses(addresses: readonly string[]): Judgement {
  if (addresses.length > 0 && addresses.every(isPublicAddress)) return { state: 'allowed' };
  return refusedHost('its host leads to an address that is not one of the open internet');
}

/** The same of a path, once symbolic links are followed. */
export function judgeRealPath(path: string, { paths }: Reach): Judgement {
  return isBelow(path, paths) ? { state: 'allowed' } : refusedPath();
}

/** The host of a location as git reads it, in lower case and without the dot at its end; null when there is none. */
export function hostOf(location: string): string | null {
  const host = location.includes('://') ? URL.parse(location)?.hostname : /^(?:[^@/:]+@)?(\[[^\]]+\]|[^/:]+):/.exec(location)?.[1];
  return host ? host.toLowerCase().replace(/\.$/, '') : null;
}

const isBelow = (path: string, folders: readonly string[]): boolean => folders.some((folder) => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));

const isListed = (host: string, hosts: readonly string[]): boolean => hosts.some((listed) => (listed.startsWith('*.') ? host.endsWith(listed.slice(1)) : host === listed.replace(/^\[|\]$/g, '') || host === listed));

function refusedPath(): Judgement {
  return { state: 'refused', fault: Fault.permanent('location-refused', 'a folder of the machine that harvests can only be added from that machine (granary repos add), or when its operator lists it in GRANARY_HARVESTER_PATHS; give the address of a git server') };
}

// Says nothing of what is at the address, or whether anything is.
function refusedHost(why: string): Judgement {
  return { state: 'refused', fault: Fault.permanent('location-refused', `this address is not fetched: ${why}; give the address of a public git server, or ask the operator to list its host in GRANARY_HARVESTER_HOSTS`) };
}
