import { accessDocuments, type DeadAnnouncement, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { parseOutboxId, type Refused, renderOutbox, renderRefused } from './outbox';
import { outboxService, outboxServices } from './services';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:25:00.000Z');
const [dead] = rpcExamples['harvester.outbox.list'].response.dead as [DeadAnnouncement];
const refused: Refused = { service: 'harvester', ...dead };

it('lists what was refused', () => {
  const [title, first, second] = renderOutbox([refused, { ...refused, subject: 'odd', behind: 0, reason: 'no\u001b' }], now, plain).split('\n');

  expect(title).toMatch(/^service +id +type +tenant +key +behind it +refused +why$/);
  expect(first).toMatch(/^harvester +815 +harvest\.cancelled\.v1 +default +01976c2e-8a00-7b3c-9d4e-5f60718293a4 +2 +5 min ago +message size exceeds maximum allowed \(10054\)$/);
  expect(second).toMatch(/ odd .* 0 +5 min ago +no\?$/);
  expect(renderOutbox([], now, plain)).toBe('No refused announcements.');
  expect(renderOutbox([refused], now, createStyle(true))).toContain('\u001b[33m2');
});

it('tells everything about one', () => {
  const text = renderRefused(refused, { raw: '\u009bx' }, now, plain);

  expect(text).toMatch(/^service +harvester\nid +815\nevent +harvest\.cancelled\.v1 default:granary\/harvester:\S+\n[^]*refused +2026-03-02T09:20:00\.000Z \(5 min ago\)\nwhy +message size/);
  expect(text).toContain('"raw": "\\u009bx"');
});

it('knows ids and services', () => {
  expect(parseOutboxId('815')).toBe('815');
  expect(() => parseOutboxId('x')).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining('granary outbox list') }));
  expect(outboxServices(accessDocuments)).toEqual(expect.arrayContaining(['harvester', 'normalizer', 'audit']));
  expect(outboxServices(accessDocuments)).not.toContain('operator');
  expect(outboxService('audit', accessDocuments)).toBe('audit');
  expect(() => outboxService('operator', accessDocuments)).toThrow(expect.objectContaining({ code: 'service-not-found', message: expect.stringMatching(/there are: .*harvester/) }));
});
