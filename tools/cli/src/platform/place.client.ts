import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { layoutOf, readPlatformFile } from '@granary/embedded';
import type { Shell } from '../shell/shell';
import { platformElsewhere } from './elsewhere';
import type { PlatformPlace } from './place';

/**
 * The data folder a call is about: --data, else GRANARY_DATA, else the nearest `.granary` upward from the current
 * folder, else the `.granary` that would be made here. Without --data, GRANARY_SERVICES names a platform that runs elsewhere.
 */
export function findPlace(shell: Pick<Shell, 'cwd' | 'callerFolder' | 'env'>, dataOption: string | undefined): PlatformPlace {
  const chosen = chooseFolder(shell, dataOption);
  const elsewhere = dataOption === undefined ? platformElsewhere(shell.env) : null;
  if (elsewhere) return { ...chosen, chosenBy: 'GRANARY_SERVICES', state: 'running', platform: elsewhere };
  const platform = readPlatformFile(chosen.folder);
  if (platform) return { ...chosen, state: 'running', platform };
  return { ...chosen, state: isThere(layoutOf(chosen.folder).platform) ? 'left-over' : 'nothing', platform: null };
}

/** The nearest file or folder of a name, from a folder upward; null when there is none. */
export function nearestUpward(folder: string, name: string): string | null {
  const candidate = join(folder, name);
  if (isThere(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? null : nearestUpward(parent, name);
}

function chooseFolder({ cwd, callerFolder, env }: Pick<Shell, 'cwd' | 'callerFolder' | 'env'>, dataOption: string | undefined): Pick<PlatformPlace, 'folder' | 'chosenBy'> {
  if (dataOption !== undefined) return { folder: resolve(callerFolder, dataOption), chosenBy: '--data' };
  const fromEnvironment = env['GRANARY_DATA'];
  if (fromEnvironment) return { folder: resolve(callerFolder, fromEnvironment), chosenBy: 'GRANARY_DATA' };
  const nearest = nearestUpward(cwd, '.granary');
  if (nearest) return { folder: nearest, chosenBy: 'the nearest .granary folder' };
  return { folder: resolve(cwd, '.granary'), chosenBy: 'the current folder' };
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
