// npm run bench -- events [--quick] · npm run bench -- harvest [--quick] · npm run bench -- ai-audit [--quick] · npm run bench -- edge [--quick] · npm run bench -- proof [--quick] · npm run bench -- backup [--quick] · npm run bench -- janitor [--quick] · npm run bench -- export [--quick] · npm run bench -- replay [--quick] · npm run bench -- overhead [--quick] · npm run bench -- platform [repository] [--quick] · npm run bench -- soak [--minutes 60] [--quick]: prints figures as JSON.
const benches = {
  events: async (quick) => (await import('./src/events.ts')).benchEvents(quick),
  harvest: async (quick) => (await import('./src/harvest.ts')).benchHarvest(quick),
  'ai-audit': async (quick) => (await import('./src/ai-audit.ts')).benchAiAudit(quick),
  edge: async (quick) => (await import('./src/edge.ts')).benchEdge(quick),
  proof: async (quick) => (await import('./src/proof.ts')).benchProof(quick),
  backup: async (quick) => (await import('./src/backup.ts')).benchBackup(quick),
  janitor: async (quick) => (await import('./src/janitor.ts')).benchJanitor(quick),
  export: async (quick) => (await import('./src/export.ts')).benchExport(quick),
  replay: async (quick) => (await import('./src/replay.ts')).benchReplay(quick),
  soak: async (quick, minutes) => (await import('./src/soak.ts')).benchSoak(quick, minutes),
  overhead: async (quick) => (await import('./src/overhead.ts')).benchOverhead(quick),
  platform: async (quick, repository) => (await import('./src/platform.ts')).benchPlatform(quick, repository),
};

const [name, ...rest] = process.argv.slice(2);
const [repository] = rest.filter((word) => !word.startsWith('--'));
const bench = benches[name];
if (!bench) {
  console.error(`Which benchmark? One of: ${Object.keys(benches).join(', ')}. For example: npm run bench -- events`);
  process.exit(2);
}
console.log(JSON.stringify(await bench(rest.includes('--quick'), repository), null, 2));
process.exit(0);
