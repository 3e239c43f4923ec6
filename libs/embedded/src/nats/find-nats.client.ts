import { findPrograms, type FoundProgram } from '../programs/find-programs.client';
import type { Program } from '../programs/program';
import type { Environment, Log } from '../types';

export type NatsBinary = FoundProgram;

const NATS_SERVER: Program<'nats-server'> = {
  name: 'nats-server',
  variable: 'GRANARY_NATS_SERVER',
  // The oldest that can reset a consumer to its ack floor.
  oldest: '2.14.0',
  otherWays: [
    'download it from https://github.com/nats-io/nats-server/releases and set GRANARY_NATS_SERVER to its path, or put it into PATH',
    'Homebrew: brew install nats-server',
    'Docker: docker run --rm -p 4222:4222 nats -js, and set GRANARY_NATS_URL=nats://127.0.0.1:4222',
  ],
};

/**
 * Finds a nats-server that is new enough: the one named by GRANARY_NATS_SERVER, one in PATH, a copy fetched earlier, or Debian's package.
 * @throws Fault `nats-server-missing` with the ways to get one, `nats-server-unusable` when the named one cannot be used
 */
export async function findNats({ env, log }: { env: Environment; log: Log }): Promise<NatsBinary> {
  const found = await findPrograms({ programs: [NATS_SERVER], folder: 'nats-server', env, log });
  return found['nats-server'];
}
