import { parseArgs } from 'node:util';

/**
 * What a command of this project was given. Ends the process: with 0 when only its usage was asked for, with 2 and what is wrong
 * when it was given something else than it takes.
 * @param {string} usage in a line
 * @param {import('node:util').ParseArgsConfig} config
 */
export function argumentsOf(usage, config) {
  const read = attempt(() => parseArgs({ ...config, options: { ...config.options, help: { type: 'boolean', short: 'h' } } }));
  if (read instanceof Error) {
    console.error(`${read.message.split('. ')[0]}.\nUsage: ${usage}`);
    process.exit(2);
  }
  if (read.values.help) {
    console.log(`Usage: ${usage}`);
    process.exit(0);
  }
  return read;
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
