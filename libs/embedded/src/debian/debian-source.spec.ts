import { aptOptions, debianMirror, testingSource } from './debian-source';

describe('debianMirror', () => {
  it('is what apt has lists of', () => {
    const targets = 'Debian http://mirror.example/debian-security/\nOther http://elsewhere.example/debian/\nDebian http://mirror.example/debian/\n';
    expect(debianMirror(targets, '')).toBe('http://mirror.example/debian');
  });

  it('is what apt would fetch when it has no lists yet', () => {
    const uris = [
      "'http://mirror.example/debian-security/dists/bookworm-security/InRelease' mirror.example_debian-security_InRelease 0",
      "'https://mirror.example/pool/debian/dists/bookworm/InRelease' mirror.example_debian_InRelease 0",
    ].join('\n');
    expect(debianMirror('', uris)).toBe('https://mirror.example/pool/debian');
  });

  it('is not there on another distribution', () => {
    expect(debianMirror('Ubuntu http://mirror.example/ubuntu/\n', "'http://mirror.example/ubuntu/dists/noble/InRelease' x 0")).toBeNull();
  });
});

it('writes a source that apt checks with the keyring', () => {
  expect(testingSource('http://mirror.example/debian', '/usr/share/keyrings/debian-archive-keyring.gpg')).toBe(
    'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian testing main\n',
  );
  expect(testingSource('http://mirror.example/debian', null)).toBe('deb http://mirror.example/debian testing main\n');
});

it('never allows unsigned packages and keeps all of its state in the folder', () => {
  const options = aptOptions('/cache/apt', true).join(' ');
  expect(options).toContain('Dir::State::Lists=/cache/apt/lists');
  expect(options).toContain('APT::Sandbox::User=root');
  expect(options).not.toMatch(/AllowUnauthenticated|AllowInsecure|trusted/i);
  expect(aptOptions('/cache/apt', false).join(' ')).not.toContain('Sandbox');
});
