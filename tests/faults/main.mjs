import { argumentsOf } from '../../tools/bootstrap/arguments.mjs';

const USAGE = 'npm run test:faults -- [--rounds 36] [--seed <number>]';
const { values } = argumentsOf(USAGE, { options: { rounds: { type: 'string', default: '36' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } } });
const wrong = Object.entries(values).find(([, value]) => !/^\d+$/.test(value));
if (wrong) {
  console.error(`--${wrong[0]} is a whole number.\nUsage: ${USAGE}`);
  process.exit(2);
}
const { runFaults } = await import('./src/run.ts');
const report = await runFaults({ rounds: Number(values.rounds), seed: Number(values.seed), say: (line) => console.error(line) });
console.log(JSON.stringify({ ...report, missing: report.missing.slice(0, 10), twice: report.twice.slice(0, 10), outOfOrder: report.outOfOrder.slice(0, 10) }, null, 2));
process.exit(report.sound ? 0 : 1);
