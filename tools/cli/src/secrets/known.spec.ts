import { type KnownFinding, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { FINDING_SEVERITIES, parseFindingId, renderDecision, renderKnown } from './known';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:24:02.117Z');
const [open] = rpcExamples['harvester.finding.list'].response.findings as [KnownFinding];
const allowed: KnownFinding = { ...open, state: 'allowed', finding: { ...open.finding, allowed: { by: 'decision', reason: 'a key\u001b of the sandbox' } } };

it('lists findings', () => {
  const [title, first, second] = renderKnown([open, allowed], now, plain).split('\n');

  expect(title).toMatch(/^severity +state +repository +where +kind +rule +what is there +first seen +allowed because +id$/);
  expect(first).toMatch(/^high +open +granary +deploy\/env\.ts:12:18 +secret +aws-access-key-id +AKIA… \(20 characters\) +10 min ago +– +0f3a6f8c2b1d4e5f60718293a4b5c6d7$/);
  expect(second).toMatch(/^high +allowed .* a key\? of the sandbox /);
  expect(renderKnown([], now, plain)).toBe('No findings.');
});

it.each(FINDING_SEVERITIES)('lists findings of %s severity in colour, too', (severity) => {
  expect(renderKnown([{ ...open, finding: { ...open.finding, severity } }], now, createStyle(true))).toContain(severity);
});

it.each<[string, KnownFinding, RegExp]>([
  ['allowed', allowed, /^aws-access-key-id at deploy\/env\.ts:12:18 of granary is allowed: a key\? of the sandbox\.\n.*granary jobs list --repository granary/],
  ['allowed in the file', { ...allowed, finding: { ...allowed.finding, allowed: { by: 'inline', reason: 'an example.' } } }, / is allowed by a comment in the file: an example\.\n/],
  ['open', open, / is open\.\n/],
  ['resolved', { ...open, state: 'resolved' }, / is no longer in the newest commit; the decision is kept/],
])('tells that a finding is %s', (_state, finding, text) => {
  expect(renderDecision(finding, plain)).toMatch(text);
});

it('knows ids of findings', () => {
  expect(parseFindingId(open.finding.id)).toBe(open.finding.id);
  for (const text of ['', '0f3a6f8c', open.finding.id.toUpperCase()]) {
    expect(() => parseFindingId(text)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining('Take it from `granary secrets list`') }));
  }
});
