import type { AccessDocument, RpcOperation } from '@granary/contracts';
import type { RpcHandler } from '@granary/messaging';
import { rpcTable } from './rpc-table';

const access = (...serves: RpcOperation[]): AccessDocument => ({ identity: 'normalizer', produces: [], consumes: [], serves, calls: [] });
const handler = (operation: RpcOperation): RpcHandler => ({ operation, handle: () => Promise.resolve({}) });

describe('rpcTable', () => {
  it('adds what the host provides, as far as it is granted and not handled already', () => {
    const own = [handler('normalizer.graph.cycles'), handler('normalizer.held.show')];
    const provided = [handler('normalizer.held.list'), handler('normalizer.held.show'), handler('normalizer.held.discard')];
    const table = rpcTable(access('normalizer.graph.cycles', 'normalizer.held.list', 'normalizer.held.show'), own, provided);
    expect(table).toEqual([...own, provided[0]]);
  });

  it('names every difference to the access document', () => {
    const own = [handler('normalizer.graph.cycles'), handler('normalizer.graph.cycles'), handler('audit.log.status')];
    expect(() => rpcTable(access('normalizer.graph.cycles', 'normalizer.graph.summary'), own, [])).toThrow(
      'the RPC handlers and contracts/access/normalizer.json differ: normalizer.graph.cycles has two handlers; ' +
        'normalizer.graph.summary is granted and has no handler; audit.log.status has a handler and is not granted',
    );
  });
});
