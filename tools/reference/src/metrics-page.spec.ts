import { readPage } from './metrics-page.ts';

const PAGE = `# HELP granary_rpc_seconds Time to answer an RPC
# TYPE granary_rpc_seconds histogram
granary_rpc_seconds_bucket{le="0.5",service="audit",operation="a.b"} 1
granary_rpc_seconds_bucket{le="+Inf",service="audit",operation="a.b"} 2
granary_rpc_seconds_sum{service="audit",operation="a.b"} 3.25e-7
granary_rpc_seconds_count{service="audit",operation="a.b"} 2

# HELP granary_events_count Events
# TYPE granary_events_count gauge
granary_events_count{state="held",service="audit"} Nan
granary_events_count{state="de\\"ad",service="audit"} +Inf

# HELP up Up
# TYPE up gauge
up 1
`;

describe('readPage', () => {
  it('reads names, kinds, meanings, labels and bounds, and counts series', () => {
    expect(readPage(PAGE)).toEqual([
      { name: 'granary_rpc_seconds', kind: 'histogram', help: 'Time to answer an RPC', labels: new Map([['operation', new Set(['a.b'])]]), bounds: ['0.5', '+Inf'], series: 4 },
      { name: 'granary_events_count', kind: 'gauge', help: 'Events', labels: new Map([['state', new Set(['held', 'de\\"ad'])]]), bounds: [], series: 2 },
      { name: 'up', kind: 'gauge', help: 'Up', labels: new Map(), bounds: [], series: 1 },
    ]);
  });

  it('takes nothing else for a page', () => {
    expect(() => readPage('<html>')).toThrow('not a line of a page of metrics: <html>');
  });
});
