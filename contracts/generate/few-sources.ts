import type { Sources } from '#generate/catalogue';

const KEPT = /^(shapes\/(values|permission|envelope|held)\.|events\/repository\/removed\/|rpc\/(held\/list|harvester\/job\/cancel)\/|shapes\/job\.)/;

const access = (identity: string, may: { produces?: string[]; consumes?: object[]; serves?: string[]; plans?: string[]; calls?: string[] }): [string, string] => [
  `access/${identity}.json`,
  JSON.stringify({ identity, produces: [], consumes: [], serves: [], calls: [], ...may }),
];

/** A part of contracts/ that is whole by itself: one event, one operation, one protocol, and who is concerned. For tests to which the rest adds nothing but time. */
export const fewSources = (sources: Sources): Sources => ({
  ...Object.fromEntries(Object.entries(sources).filter(([path]) => KEPT.test(path))),
  ...Object.fromEntries([
    access('gateway', {}),
    access('harvester', { produces: ['repository.removed.v1'], serves: ['harvester.job.cancel'] }),
    access('normalizer', { consumes: [{ consumer: 'normalizer', types: ['repository.removed.v1'], start: 'first', groups: 4, replayable: 'rebuild' }], serves: ['normalizer.held.list'], calls: ['harvester.job.cancel'] }),
    access('operator', { calls: ['normalizer.held.list'] }),
  ]),
});
