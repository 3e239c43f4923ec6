import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const NEEDED_BYTES = 2 * 1024 ** 3;

/**
 * Where tests put what nobody keeps. Their servers create and drop many databases, which on the file system of a disk costs a
 * third of all processor time; so in memory, if the machine has a file system there that is large enough and runs programs.
 * The same for every run, so that each finds what a killed one left.
 */
export function folderInMemory(memory = '/dev/shm') {
  const folder = join(memory, `granary-tests-${userInfo().uid}`);
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < NEEDED_BYTES) return tmpdir();
    mkdirSync(folder, { recursive: true });
    // Under root, PostgreSQL runs as another user and has to pass through.
    chmodSync(folder, 0o711);
    return runsPrograms(folder) ? folder : tmpdir();
  } catch {
    return tmpdir();
  }
}

function runsPrograms(folder) {
  const program = join(folder, `program-${process.pid}`);
  try {
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(program, { force: true });
  }
}
