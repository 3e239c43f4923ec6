import { join } from 'node:path';

/** Lets a process that a test starts run sources as the tests themselves do. */
export const SOURCES = join(__dirname, '../../../libs/testing/jest/sources.cjs');

/** What the harvester of a test runs instead of the built programs: analysis workers that obey what a blob tells them. */
export const PROGRAMS = {
  worker: { file: join(__dirname, 'poison.worker.ts'), execArgv: ['--require', SOURCES] },
  starter: { file: join(__dirname, '../../../libs/git/src/starter.worker.ts'), execArgv: ['--require', SOURCES] },
};
