import { lookup } from 'node:dns/promises';
import { realpath } from 'node:fs/promises';
import { Fault } from '@granary/faults';
import { judgeAddresses, judgeLocation, judgeRealPath, type Judgement, type Location, type Reach } from '@granary/git';

/** Keeps out locations that whoever asks must not make this machine fetch. @throws Fault `location-refused` */
export type CheckReach = (place: Location, caller: string | null) => Promise<void>;

export interface ReachOptions {
  readonly reach: Reach;
  /** A proxy looks names up and decides where they may lead; asking here as well would only tell what this machine knows. */
  readonly proxied: boolean;
  /** All addresses of a name. */
  readonly addressesOf?: (name: string) => Promise<readonly string[]>;
}

/** The command line on the machine itself, whose user could read the folders anyway. The broker proves who calls: it is in the subject. */
const OPERATOR = 'operator';

export function createReachGuard({ reach, proxied, addressesOf = resolve }: ReachOptions): CheckReach {
  return async (place, caller) => {
    if (caller === OPERATOR) return;
    const judged = judgeLocation(place, reach);
    const final = judged.state === 'look' ? await look(judged) : judged;
    if (final.state === 'refused') throw final.fault;
  };

  async function look({ at, name }: Extract<Judgement, { state: 'look' }>): Promise<Judgement> {
    if (at === 'path') return judgeRealPath(await realpath(name).catch(() => ''), reach);
    if (proxied) return { state: 'allowed' };
    return judgeAddresses(await addressesOf(name));
  }
}

async function resolve(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);
  } catch (cause) {
    throw Fault.transient('remote-unreachable', `no address is known of ${name}: check its spelling, and whether the harvester has a network`, { cause });
  }
}
