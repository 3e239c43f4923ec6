import { rulesIn } from '../test/made-up';

// Switchboards of public offices.
it.each([
  'phone: +1 202 456 1414',
  'phone: (202) 456-1414',
  '"telephone": "202-456-1414"',
  '"phoneNumber":"2024561414"',
  '<tel>1-202-456-1414</tel>',
  'Call our phone line: 202.456.1414',
  'const contact = { type: "phone", value: "202-456-1414" };',
  'ask at +44 (0)20 7219 3000',
  'ask at +44 20 7219 3000',
  'Tel. 020 7219 3000',
  'Telefon: 030 18 272 2720',
  'téléphone : 01 42 92 81 00',
  'ask at +33 1 42 92 81 00',
  'phone=+912023456781',
  'mobile: 9812304567',
])('%s is a telephone number', (text) => expect(rulesIn(text)).toEqual(['phone/medium']));

it('counts one without words or groups low', () => expect(rulesIn('x = "+12024561414"')).toEqual(['phone/low']));

it.each([
  '202-456-1414',
  'total: 2024561414',
  '{"phone":"x","id":"2024561414"}',
  'phone: 555-0134',
  'phone: (202) 555-0134',
  'phone: +1 555 123 4567',
  'phone: +44 7700 900123',
  'phone: 020 7946 0123',
  'phone: +33 1 99 00 12 34',
  'phone: +49 30 23125 123',
  'phone: +61 491 570 156',
  'phone: 1-800-275-8777',
  'phone: 123-456-7890',
  'phone: 0123456789',
  'phone: 9876543210',
  'phone: 000-000-0000',
  'phone: +1 202 456 14145',
  'phone: +999 123 456 789',
  'phone: 01/02/2003 10',
  'T00:00:00+02:00',
  'a = b +12024561414',
  '1e+12024561414',
  'zone +404300-0740001',
  'at +40.20361-075.00417',
  'phone: v2024561414',
  'phone: 0.2024561414',
  'phone: a2024561414b',
  '@@ -1,7 +1,7 @@',
])('%s is none', (text) => expect(rulesIn(text)).toEqual([]));
