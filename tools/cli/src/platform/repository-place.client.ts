import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Fault } from '@granary/faults';
import { usageFault } from '../shell/problem';
import type { Shell } from '../shell/shell';
import { nearestUpward } from './place.client';

/** A new repository's location as the harvester takes it: a URL as typed, a folder by its absolute path. Faults: permanent `location-not-found`. */
export function repositoryLocation({ callerFolder }: Pick<Shell, 'callerFolder'>, typed: string): string {
  if (isRemote(typed)) return typed;
  const path = resolve(callerFolder, typed);
  if (isFolder(path)) return path;
  throw Fault.permanent('location-not-found', `There is no folder ${shortened(path)}. Pass an existing one, or a git URL.`);
}

// What the system does not even look up (a name too long, a circle of links, a folder that is closed to us) is no folder either.
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The repository that the current folder belongs to (under `npm start` that is the project itself), else the caller's. */
export function ownRepository({ cwd, callerFolder }: Pick<Shell, 'cwd' | 'callerFolder'>): string {
  const git = nearestUpward(cwd, '.git') ?? nearestUpward(callerFolder, '.git');
  if (git === null) throw usageFault(`${cwd} is not inside a git repository; say which one to harvest, by path or git URL.`);
  return dirname(git);
}

const shortened = (path: string): string => (path.length <= 300 ? path : `${path.slice(0, 300)}…`);

// `https://…`, `ssh://…`, `file://…`, and the short form of ssh: `git@host:path`.
function isRemote(typed: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) || /^[^/\\\s]+@[^/\\\s]+:/.test(typed);
}
