import { accessDocuments, type Held, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderHeld, renderHeldEvent } from './held';
import { heldOwners, ownerOf } from './owners';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:25:00.000Z');
const [dead] = rpcExamples['normalizer.held.list'].response.held;
if (!dead) throw new Error('the example lists no held event');
const held: Held = { ...dead, state: 'held', nextAt: '2026-03-02T09:25:30.000Z' };

it('lists held events', () => {
  const [title, first, second, third] = renderHeld([dead, held, { ...held, nextAt: now.toISOString() }], now, plain).split('\n');

  expect(title).toMatch(/^consumer +position +state +type +tenant +key +tries +next +held +why$/);
  expect(first).toMatch(/^normalizer +4711 +dead +harvest\.completed\.v1 +default +\S+ +6 +– +5 min ago +artifact-missing: the fact pack is gone/);
  expect(second).toMatch(/ held +harvest.* in 30 s /);
  expect(third).toMatch(/ now /);
  expect(renderHeld([], now, plain)).toBe('No held events.');
});

it('tells everything about one', () => {
  const text = renderHeldEvent({ held, event: { raw: '\u009bnot json' } }, now, plain);

  expect(text).toMatch(/^consumer +normalizer\nposition +4711\nstate +held\n/);
  expect(text).toMatch(/next try +in 30 s\nheld since +2026-03-02T09:20:00\.000Z \(5 min ago\)/);
  expect(text).toContain('"raw": "\\u009bnot json"');
});

it('finds the services that hold events, and the owner of a consumer', () => {
  const owners = heldOwners(accessDocuments);

  expect(owners).toContain('normalizer');
  expect(owners).not.toContain('operator');
  expect(ownerOf('normalizer', accessDocuments)).toBe('normalizer');
  expect(() => ownerOf('nobody', accessDocuments)).toThrow(expect.objectContaining({ code: 'consumer-not-found', message: expect.stringContaining('there are: normalizer') }));
});
