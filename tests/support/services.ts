// Services as the platform starts them, processes of their own, beside the servers of `startServers`.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeApiKey, randomBase62 } from '@granary/security';
import { waitFor } from '@granary/testing';
import type { Servers } from './servers.ts';

export interface ServiceProcess {
  readonly name: string;
  /** Stays the same when it is started again. */
  readonly url: string;
  pid(): number;
  /** Resolves when it is ready. */
  start(): Promise<void>;
  /** Resolves when it has ended, in order or (`SIGKILL`) not. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** What auth makes of its own at its first start. */
export const firstCredentials = () => ({ tenant: 'default', password: randomBase62(24), key: makeApiKey().key });

export type FirstCredentials = ReturnType<typeof firstCredentials>;

export interface ServiceOptions {
  servers: Servers;
  /** The folder `services` of this repository. */
  folder: string;
  name: string;
  first: FirstCredentials;
  /** Settings beside those that every service needs. */
  settings?: Readonly<Record<string, string>>;
}

/** A service that is not started yet, at a free port. */
export async function serviceProcess({ servers, folder, name, first, settings = {} }: ServiceOptions): Promise<ServiceProcess> {
  const port = await freePort();
  const data = join(servers.folder, name);
  mkdirSync(data, { recursive: true });
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    GRANARY_NATS_URL: servers.natsUrl,
    GRANARY_NATS_USER: name,
    GRANARY_NATS_PASSWORD: servers.password,
    GRANARY_DATABASE_URL: servers.databaseUrl(name),
    GRANARY_HTTP_HOST: '127.0.0.1',
    GRANARY_HTTP_PORT: String(port),
    GRANARY_LOG_LEVEL: 'error',
    GRANARY_DATA: data,
    ...(name === 'auth' && { GRANARY_AUTH_FIRST_TENANT: first.tenant, GRANARY_AUTH_FIRST_ADMIN_PASSWORD: first.password, GRANARY_AUTH_FIRST_KEY: first.key }),
    ...settings,
  };
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const running = () => child !== null && child.exitCode === null && child.signalCode === null;
  return {
    name,
    url,
    pid: () => child?.pid ?? 0,
    async start() {
      // As `granary up` starts them.
      const packages = join(folder, '..', 'node_modules', '.cache', 'granary', 'packages.cjs');
      child = spawn(process.execPath, ['--require', packages, join(folder, name, 'dist', 'main.js')], { env, cwd: data, stdio: ['ignore', 'ignore', 'inherit'] });
      await waitFor(
        async () => {
          if (!running()) throw new Error(`${name} ended`);
          return (await fetch(`${url}/health/ready`)).ok;
        },
        { what: `${name} to be ready` },
      );
    },
    async end(signal = 'SIGTERM') {
      if (!running()) return;
      child?.kill(signal);
      await once(child as ChildProcess, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
