import { createLogger } from '@granary/observability';
import { rootOf } from '@granary/transparency';
import { openLog, type TestLog } from '../../test/log';
import { aRow } from '../../test/row';
import { catchUp } from './catch-up.worker';

let log: TestLog;
beforeEach(async () => {
  log = await openLog();
});
afterEach(() => log.close());

const rows = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => aRow({ sequence: first + at, body: `{"number":${first + at},"text":"ü\\\\n"}` }));

describe('a log from before there was a tree', () => {
  it('is put into it, with its holes, over all epochs', async () => {
    const writer = await log.writer();
    await writer.openEpoch(1, { from: [0, 50] });
    await writer.append(1, rows(3, 60), { holes: [{ first: 1, last: 2 }] });
    await writer.append(1, rows(70, 80), { holes: [{ first: 61, last: 69 }] });
    await writer.openEpoch(2, { previousEpoch: 1, from: [0] });
    await writer.append(2, rows(5, 9));
    const before = await log.tree.state();
    const root = rootOf(await log.tree.edge(before.size));
    expect([before.size, root]).toEqual([76, await log.treeOfRows()]);
    await writer.close();
    await log.rows('truncate tree_tile, tree_epoch');
    await log.rows('update tree_state set size = 0, epoch = 0, sequence = 0');

    const next = await log.writer({ owner: 'test' });
    await catchUp({ catchUp: () => next.session.catchUp(20) }, createLogger({ service: 'audit', level: 'silent' }), new AbortController().signal);
    expect(await log.tree.state()).toEqual(before);
    expect(rootOf(await log.tree.edge(76))).toEqual(root);
    await next.append(2, rows(10, 11));
    expect(rootOf(await log.tree.edge(78))).toEqual(await log.treeOfRows());
    expect(await log.tree.leafIndex({ epoch: 2, sequence: 11 })).toBe(77);
    await next.close();
  });
});

it('grows with the rows or not at all', async () => {
  const writer = await log.writer();
  await writer.openEpoch(1);
  await writer.append(1, rows(1, 3));
  await expect(writer.append(1, [aRow({ sequence: 3, eventId: 'another' }), aRow({ sequence: 4 })])).rejects.toMatchObject({ code: 'log-conflict' });
  expect(await log.tree.state()).toMatchObject({ size: 3, epoch: 1, sequence: 3 });

  // Somebody who changes the tree beside its writer.
  await log.rows('update tree_state set size = 2');
  await expect(writer.append(1, rows(4, 5))).rejects.toMatchObject({ code: 'tree-changed' });
  expect(await log.ids()).toHaveLength(3);
  await log.rows('update tree_state set size = 3');
  await writer.append(1, rows(4, 5));
  expect(rootOf(await log.tree.edge(5))).toEqual(await log.treeOfRows());
  await writer.close();
});

it('does not begin to write when its tree is damaged', async () => {
  const writer = await log.writer();
  await writer.openEpoch(1);
  await writer.append(1, rows(1, 3));
  await writer.close();
  await log.rows('delete from tree_tile');
  await expect(log.writer()).rejects.toMatchObject({ code: 'tile-missing' });
  await log.rows('delete from tree_state');
  await expect(log.writer()).rejects.toMatchObject({ code: 'tree-missing' });
});
