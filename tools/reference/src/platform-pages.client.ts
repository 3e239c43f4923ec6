import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pages } from './metrics.ts';

/** What the services of a platform say of themselves after its first harvest. @param root folder of this repository */
export const pagesOfPlatform = (root: string): Promise<Pages> => onPlatform(root, pagesIn);

/**
 * Starts a platform in a folder of its own, harvests a small repository with it, works with it, and stops it.
 * @param root folder of this repository
 * @param work is given the data folder
 */
export async function onPlatform<R>(root: string, work: (data: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), 'granary-reference-'));
  try {
    const data = join(folder, 'data');
    const env = { ...process.env, GRANARY_DATA: data, GRANARY_GATEWAY_PORT: '0', NO_COLOR: '1' };
    const child = spawn(process.execPath, [join(root, 'tools', 'cli', 'bin', 'granary.mjs'), 'up', repositoryIn(folder), '--json'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    try {
      await Promise.race([wholeDocument(child.stdout), ended.then(() => Promise.reject(new Error('the platform ended before its first harvest')))]);
      return await work(data);
    } finally {
      if (child.exitCode === null) child.kill('SIGINT');
      await ended;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the services of a running platform say. @param data its data folder */
export async function pagesIn(data: string): Promise<Pages> {
  const pages = await Promise.all(Object.entries(servicesIn(data)).map(async ([service, url]) => [service, await (await fetch(`${url}/metrics`)).text()] as const));
  return Object.fromEntries(pages);
}

/** The addresses of the services of a running platform. @param data its data folder */
export function servicesIn(data: string): Record<string, string> {
  const { services } = JSON.parse(readFileSync(join(data, 'platform.json'), 'utf8')) as { services: Record<string, { url: string }> };
  return Object.fromEntries(Object.entries(services).map(([service, { url }]) => [service, url]));
}

function repositoryIn(folder: string): string {
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  writeFileSync(join(repository, 'package.json'), '{ "name": "shop" }\n');
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=reference', '-c', 'user.email=reference@example.org', ...args], { cwd: repository, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('commit', '-m', 'Begin');
  return repository;
}

/** Resolves when the result, one JSON document, is there. */
async function wholeDocument(output: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const chunk of output) if (isDocument((text += String(chunk)))) return;
}

function isDocument(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
