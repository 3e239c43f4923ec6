import { aadhaar, card, cpfOf, dni, iban, inFours, rulesIn, taxId } from '../test/made-up';

const VISA = card('453914880343646');
const AMEX = '378282246310005';
const IBAN = iban('DE', '370400440932017003');
const IBAN_GB = iban('GB', 'NWBK60161331926017');
const CPF = cpfOf('529982247');
const AADHAAR = aadhaar('29384756109');
const TAX_ID = taxId('4803657194');
const DNI = dni('48205917');

describe('social security numbers', () => {
  it.each([
    ['ssn: 751-48-2093', 'us-ssn/high'],
    ['"ssn": "751482093"', 'us-ssn/high'],
    ['social security number 751 48 2093', 'us-ssn/high'],
    ['751-48-2093', 'us-ssn/medium'],
    ['rows: (751-48-2093)', 'us-ssn/medium'],
  ])('%s is %s', (text, found) => expect(rulesIn(text)).toEqual([found]));

  it.each(['000-48-2093', '666-48-2093', '912-48-2093', '751-00-2093', '751-48-0000', '078-05-1120', '219-09-9999', '123-45-6789', '111-11-1111', 'ssn: 987-65-4321'])('%s was never given out', (text) =>
    expect(rulesIn(text)).toEqual([]),
  );

  it.each(['751482093', '751 48 2093', '1751-48-2093', '751-48-20931', 'x751-48-2093', '751-48-2093-01', '9-751-48-2093', '2020/751-48-2093'])('%s is something else', (text) => expect(rulesIn(text)).toEqual([]));
});

describe('payment cards', () => {
  it.each([
    [`card number: ${VISA}`, 'payment-card/high'],
    [`"pan": "${inFours(VISA)}"`, 'payment-card/high'],
    [inFours(VISA), 'payment-card/medium'],
    [inFours(VISA, '-'), 'payment-card/medium'],
    [`${inFours(VISA)} 12/29 123`, 'payment-card/medium'],
    [VISA, 'payment-card/low'],
    [`cc: ${card('37143812345987')}`, 'payment-card/high'],
    [`credit card ${card('3614890064791')}`, 'payment-card/high'],
  ])('%s is %s', (text, found) => expect(rulesIn(text)).toEqual([found]));

  it.each([
    ['card: 4111111111111111', 'published for tests'],
    ['card: 4242 4242 4242 4242', 'published for tests'],
    ['card: 4000056655665556', 'of a range for tests'],
    [`card: ${AMEX}`, 'published for tests'],
    [`card: ${VISA.slice(0, -1)}${(Number(VISA.at(-1)) + 1) % 10}`, 'wrong check digit'],
    [`card: ${card('153914880343646')}`, 'of no issuer'],
    [`0.${VISA}`, 'a fraction'],
    [`x${VISA}`, 'part of a name'],
    [`/posts/${VISA}`, 'part of a path'],
    [card('3614890064791'), 'too usual without words'],
    ['1000 2000 3000 4000 5000 6000', 'a table'],
    [`${inFours(VISA)} 4000`, 'a table'],
  ])('%s is none: %s', (text) => expect(rulesIn(text)).toEqual([]));
});

describe('IBANs', () => {
  it.each([IBAN, inFours(IBAN), IBAN_GB, `iban: ${IBAN}`, `(${IBAN})`])('%s is one', (text) => expect(rulesIn(text)).toEqual(['iban/high']));

  it.each(['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', IBAN.replace('DE', 'XX'), `${IBAN}0`, `A${IBAN}`, `/${IBAN}`, `${IBAN}=`, IBAN.toLowerCase(), `DE00${IBAN.slice(4)}`, 'DE89', 'GB29NWBK'])('%s is none', (text) =>
    expect(rulesIn(text)).toEqual([]),
  );
});

describe('numbers that states give', () => {
  it.each([
    [`cpf: ${CPF}`, 'br-cpf/high'],
    [CPF.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4'), 'br-cpf/high'],
    [`aadhaar no ${inFours(AADHAAR)}`, 'in-aadhaar/high'],
    [`"aadhaarNumber": "${AADHAAR}"`, 'in-aadhaar/high'],
    [`Steuer-IdNr. ${TAX_ID}`, 'de-tax-id/high'],
    [`DNI: ${DNI}`, 'es-dni/high'],
    [`nif = '${DNI.slice(0, 8)}-${DNI.slice(8)}'`, 'es-dni/high'],
    [`nie: X${dni('02059174').slice(1)}`, 'es-dni/high'],
    ['National Insurance: JG 10 37 59 A', 'uk-nino/high'],
    ['nino=JG103759A', 'uk-nino/high'],
    ['JG 10 37 59 A', 'uk-nino/medium'],
    ['passport no: X7204913', 'passport/high'],
    ['"passportNumber": "720491358"', 'passport/high'],
    ["driver's license no: D7204913", 'driver-licence/high'],
    ['"drivingLicenceNumber": "D720491"', 'driver-licence/high'],
    ['date of birth: 1984-07-23', 'date-of-birth/medium'],
    ['"birthDate":"23.07.1984"', 'date-of-birth/medium'],
    ['dob = "07/23/1984"', 'date-of-birth/medium'],
    ['né(e), date de naissance 23/07/1984', 'date-of-birth/medium'],
  ])('%s is %s', (text, found) => expect(rulesIn(text)).toEqual([found]));

  it.each([
    CPF,
    AADHAAR,
    inFours(AADHAAR),
    TAX_ID,
    DNI,
    'JG103759A',
    `cpf: ${CPF.slice(0, 9)}${CPF.slice(9) === '00' ? '01' : '00'}`,
    'cpf: 111.111.111-11',
    'nino: GB103759A',
    'nino: AB123456C',
    'dni: 12345678Z',
    `dni: ${DNI.slice(0, 8)}${DNI.endsWith('A') ? 'B' : 'A'}`,
    "import passport from 'passport'; const port = 72049135;",
    'passport no: 123456789',
    'X7204913',
    'license: 2020-2024',
    '1984-07-23',
    'birthday: 1970-01-01',
    'birthday: 1984-13-45',
    'birthday: 1984-07',
    'reborn 1984-07-23',
    'released: 1984-07-23',
  ])('%s is none', (text) => expect(rulesIn(text)).toEqual([]));
});
