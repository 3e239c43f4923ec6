import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../types';

/** The user's folder for files that can be fetched again: `$XDG_CACHE_HOME/granary` or `~/.cache/granary`. */
export function cacheFolder(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'granary');
}
