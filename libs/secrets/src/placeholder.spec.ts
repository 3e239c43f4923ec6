import { isMonotonous, isPlaceholder } from './placeholder';
import { isWeakPassword } from './checks/weak';

it.each([
  '${TOKEN}', '$(cat secret)', '{{ .Values.token }}', '<your-token>', '%(password)s', '$TOKEN', '%TOKEN%', '****************', 'process.env.API_KEY', 'os.environ["X"]', '<%= secret %>', '__TOKEN__', '#{token}', '@@token@@', 'sk-...',
  'changeme', 'your_api_key', 'YOUR-TOKEN-HERE', 'xxxxxxxxxxxx', 'AKIAIOSFODNN7EXAMPLE', 'insert-key-here', 'dummy-value-123', 'my_secret_token', 'not-a-real-key', 'test-key-123', 'fake0123', 'secrets.NPM_TOKEN', 'arn:aws:iam::1:role/x', 'op://vault/item',
  'aaaaaaaaaaaaaaaa', '1234567890abcdefghij', '0123456789abcdef0123456789abcdef', 'abcabcabcabcabc', 'qwertyuiop123456', 'deadbeefdeadbeef',
])('%p only stands for a secret', (value) => {
  expect(isPlaceholder(value)).toBe(true);
});

it.each(['k9Xw2LmQ4vRt7ZpB', '3f9a1c7e5b2d8064a1c9e7f3', 'Gu7!xR2#pQ', 'Zm9vLWJhei1xdXV4', 'latestX9k2Lm4Q'])('%p may be one', (value) => {
  expect(isPlaceholder(value)).toBe(false);
});

it('knows keys that emulators ship', () => {
  const azurite = ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6', 'IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='].join('');
  expect(isPlaceholder(azurite)).toBe(true);
});

it.each([['aaaa', true], ['abcdefgh', true], ['98765432', true], ['mk2Lw9xR', false], ['', true]])('%p is monotonous: %p', (value, monotonous) => {
  expect(isMonotonous(value)).toBe(monotonous);
});

it.each([['password', true], ['Password123!', true], ['p@ssw0rd', true], ['s3cret', true], ['admin1', true], ['testPassword', true], ['mysecretkey', true], ['hunter2', true], ['12345', true], ['correct-horse', false], ['Kq4!vTz', false], ['mailpass', false]])(
  '%p is tried first: %p', (value, weak) => {
    expect(isWeakPassword(value)).toBe(weak);
  },
);
