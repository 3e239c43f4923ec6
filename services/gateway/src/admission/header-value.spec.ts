import { decodeHeaderValue } from './header-value';

// Derived from the protocol bindings of CloudEvents 1.0.2 to NATS and HTTP, section 3.1.3.2 (Apache-2.0): the rows with `spec` are
// examples of the text itself, the others follow from its rules.
describe('a value of an attribute in a header', () => {
  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀', 'spec'],
    ['a%20b', 'a b', ''],
    ['%22q%22', '"q"', ''],
    ['100%25', '100%', ''],
    ['plain-~!', 'plain-~!', ''],
    ['Euro%20%e2%82%ac', 'Euro €', ''],
    ['%61bc', 'abc', ''],
    ['"a \\"b\\""', 'a "b"', ''],
    ['"%E2%82%AC \\\\"', '€ \\', ''],
    ['a b', 'a b', ''],
    ['', '', ''],
  ])('%j means %j', (header, value) => {
    expect(decodeHeaderValue(header)).toBe(value);
  });

  it.each([
    ['%C0%A0', 'overlong UTF-8, an example of the specification'],
    ['%E2%82', 'truncated UTF-8'],
    ['%ED%A0%80', 'half of a surrogate pair'],
    ['100%', 'a percent sign that is not encoded'],
    ['%2', 'half a byte'],
    ['%zz', 'not hexadecimal'],
    ['"a', 'a quoted string without an end'],
    ['"a"b', 'something behind a quoted string'],
    ['Euro €', 'Unicode that is not encoded'],
    ['a\tb', 'a control character'],
  ])('%j means nothing: %s', (header) => {
    expect(decodeHeaderValue(header)).toBeNull();
  });
});
