import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

export interface Ran {
  code: number;
  /** Both outputs, in the order in which they came. */
  output: string;
}

export interface ShellSettings {
  /** The folder of this repository: commands of runbooks are typed there. */
  root: string;
  /** The data folder of the platform. */
  data: string;
  env: Readonly<Record<string, string | undefined>>;
}

// Some do the same to many, one after the other.
const LONGEST_MS = 300_000;

/** Runs a command of a runbook as somebody would type it: in bash, in this repository, with the addresses of `platform.sh` at hand. */
export async function runCommand(command: string, { root, data, env }: ShellSettings): Promise<Ran> {
  const child = spawn('bash', ['-c', `. docs/runbooks/platform.sh\n${command}`], {
    cwd: root,
    env: { ...env, PATH: `${join(root, 'tools', 'drill', 'bin')}:${dirname(process.execPath)}:${env['PATH'] ?? ''}`, NODE_OPTIONS: '', NO_COLOR: '1', GRANARY_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LONGEST_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code: code ?? 137, output: Buffer.concat(chunks).toString() };
}
