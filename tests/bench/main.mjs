// npm run bench -- <name> [--quick]: prints figures as JSON.
const benches = {
  events: async (quick) => (await import('./src/events.ts')).benchEvents(quick),
};

const [name, ...flags] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  console.error(`Which benchmark? One of: ${Object.keys(benches).join(', ')}. For example: npm run bench -- events`);
  process.exit(2);
}
console.log(JSON.stringify(await bench(flags.includes('--quick')), null, 2));
process.exit(0);
