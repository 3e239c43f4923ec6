import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lets a process that a test starts run sources as the tests themselves do. */
const SOURCES = join(__dirname, '../../../libs/testing/jest/sources.cjs');

// Packages of others from one file, as services load them, which is there once something was built.
const PACKED = join(__dirname, '../../../node_modules/.cache/granary/packages.cjs');
/** What a whole service that is run from sources has loaded before. */
export const PRELOADED = [...(existsSync(PACKED) ? ['--require', PACKED] : []), '--require', SOURCES];
/** Lets a process keep its compiled code where that of the tests is kept. */
export const KEPT_CODE: Readonly<Record<string, string>> = process.env['NODE_COMPILE_CACHE'] === undefined ? {} : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** What the harvester of a test runs instead of the built programs: analysis workers that obey what a blob tells them. */
export const PROGRAMS = {
  worker: { file: join(__dirname, 'poison.worker.ts'), execArgv: ['--require', SOURCES] },
  starter: { file: join(__dirname, '../../../libs/git/src/starter.worker.ts'), execArgv: ['--require', SOURCES] },
};
