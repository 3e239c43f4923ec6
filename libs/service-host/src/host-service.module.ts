import type { Environment } from './config/read-config';
import type { Host, ServiceDefinition } from './definition';
import { launchService, type Surroundings } from './host.module';

export interface HostedService<C extends object = object> {
  readonly url: string;
  readonly host: Host<C>;
  /** Has it take no more work and finish what it has. */
  drain(): Promise<void>;
  /** @throws Error naming what did not stop in time */
  stop(): Promise<void>;
}

/**
 * Runs a service inside of this process, as tests do, and resolves when it is ready.
 * @throws Fault `invalid-config`, or whatever keeps it from starting; nothing of it is left running then
 */
export async function hostService<C extends object>(definition: ServiceDefinition<C>, env: Environment, surroundings: Surroundings = {}): Promise<HostedService<C>> {
  const launch = launchService(definition, env, surroundings);
  try {
    const host = await launch.ready;
    return { url: await launch.url, host, drain: launch.drain, stop: async () => refuseRest((await launch.stop()).unfinished) };
  } catch (error) {
    await launch.stop();
    throw error;
  }
}

function refuseRest(unfinished: readonly string[]): void {
  if (unfinished.length > 0) throw new Error(`not stopped in time: ${unfinished.join(', ')}`);
}
