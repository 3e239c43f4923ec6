import { rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderGate } from './gate';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:24:02.117Z');

it('tells what the gate does as long as nobody set it', () => {
  expect(renderGate(rpcExamples['harvester.gate.show'].response, now, plain).split('\n')).toEqual([
    'mode       warn: secrets are reported, and the commit is harvested all the same',
    'changed    never',
    'own rules  none; Granary looks for the secrets that it knows',
  ]);
});

it('tells the rules of an organisation', () => {
  const text = renderGate(rpcExamples['harvester.gate.set'].response, now, plain);

  expect(text).toMatch(/^mode +block: a commit with an open secret of high severity is withheld\nchanged +2026-03-02T09:14:02\.117Z \(10 min ago\)\nown rules +1\n\nrule +severity/);
  expect(text).toMatch(/\nacme-deploy-token +high +Deploy token of Acme +acme_dt_ +acme_dt_\(\?<secret>\[a-z0-9\]\{32\}\)$/);
  expect(renderGate({ mode: 'warn', updatedAt: null, rules: [{ id: 'a', pattern: 'abcdef[0-9]' }] }, now, plain)).toMatch(/\na +high +a +– +abcdef\[0-9\]$/);
});
