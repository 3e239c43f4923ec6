import type { Envelope, LoggedEvent } from '@granary/contracts';
import { type CausalNode, causalTree, comparePositions } from './causal-tree';

function logged(sequence: number, id: string, causationid?: string, epoch = 1): LoggedEvent {
  const event = { id, source: 'granary/harvester', type: 'harvest.started.v1', ...(causationid ? { causationid } : {}) };
  return { position: { epoch, sequence }, event: event as Envelope };
}

type Shape = [id: string, cause: CausalNode['cause'], ...children: Shape[]];
const shape = (node: CausalNode): Shape => [node.logged.event.id, node.cause, ...node.children.map(shape)];

describe('causalTree', () => {
  it('hangs every event below its cause, in the order of the log', () => {
    const events = [logged(4, 'graph', 'completed'), logged(3, 'completed', 'requested'), logged(2, 'started', 'requested'), logged(1, 'requested')];

    expect(causalTree(events).map(shape)).toEqual([
      ['requested', 'none', ['started', 'known'], ['completed', 'known', ['graph', 'known']]],
    ]);
  });

  it('keeps an event whose cause is not in the list at the top and says so', () => {
    expect(causalTree([logged(7, 'graph', 'gone'), logged(9, 'module', 'graph')]).map(shape)).toEqual([
      ['graph', 'missing', ['module', 'known']],
    ]);
  });

  it('drops repeats of one event', () => {
    expect(causalTree([logged(2, 'a'), logged(1, 'a'), logged(3, 'b', 'a')]).map(shape)).toEqual([['a', 'none', ['b', 'known']]]);
  });

  it('ends with rings and with an event that names itself', () => {
    expect(causalTree([logged(1, 'a', 'b'), logged(2, 'b', 'a'), logged(3, 'c', 'c')]).map(shape)).toEqual([
      ['a', 'missing', ['b', 'known']],
      ['c', 'missing'],
    ]);
  });

  it('has no trees for no events', () => {
    expect(causalTree([])).toEqual([]);
  });
});

describe('comparePositions', () => {
  it('looks at the epoch first', () => {
    const positions = [{ epoch: 2, sequence: 1 }, { epoch: 1, sequence: 900 }, { epoch: 1, sequence: 5 }];

    expect(positions.sort(comparePositions)).toEqual([{ epoch: 1, sequence: 5 }, { epoch: 1, sequence: 900 }, { epoch: 2, sequence: 1 }]);
  });
});
