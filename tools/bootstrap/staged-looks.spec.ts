import { looksFor } from './staged-looks.mjs';

it.each([
  [[], []],
  [['README.md'], ['Credentials in what is committed']],
  [['libs/faults/src/fault.ts', 'README.md'], ['Credentials in what is committed', 'Lint']],
  [['contracts/events/harvest/completed/1.0.0.schema.json'], ['Credentials in what is committed', 'Contracts that are not generated']],
  [['contracts/src/generated/tables.ts'], ['Credentials in what is committed', 'Contracts that are not generated']],
])('before a commit of %p: %p', (files, looks) => {
  expect(looksFor(files, '/tmp/staged').map(({ what }) => what)).toEqual(looks);
});

it('looks for credentials in what is committed, and lints the files by name', () => {
  const [credentials, lint] = looksFor(['a.ts'], '/tmp/staged');
  expect([credentials?.args.includes('/tmp/staged'), lint?.args.at(-1)]).toEqual([true, 'a.ts']);
});
