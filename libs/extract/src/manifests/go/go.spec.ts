import { asked, said } from '../../../test/manifests';
import { go } from './go';

it.each([
  {
    says: 'single lines and blocks, direct and indirect',
    source: 'module example.com/app // the app\n\ngo 1.22\n\ntoolchain go1.22.1\n\nrequire github.com/BurntSushi/toml v1.3.2\n\nrequire (\n\tgolang.org/x/sync v0.6.0 // indirect\n\t"gopkg.in/yaml.v3" v3.0.1 // indirect; used by others\n\texample.com/b v0.0.0-20240101000000-abcdef123456+incompatible // indirectly wanted\n)\n\nexclude golang.org/x/sync v0.5.0\nretract v0.9.0\n',
    asks: ['runtime github.com/BurntSushi/toml v1.3.2', 'runtime golang.org/x/sync v0.6.0 indirect', 'runtime gopkg.in/yaml.v3 v3.0.1 indirect', 'runtime example.com/b v0.0.0-20240101000000-abcdef123456+incompatible'],
  },
  { says: 'line ends of Windows and a byte order mark', source: '\ufeffmodule a\r\nrequire (\r\n\tb v1.0.0\r\n)\r\n', asks: ['runtime b v1.0.0'] },
  { says: 'no go.mod', source: '{"token": "s3cret"}', asks: [`error: neither a 'module', a 'go' nor a 'use' directive in it`] },
])('go.mod: $says', ({ source, asks }) => {
  expect(asked(go, 'go.mod', source)).toEqual(asks);
});

it('go.mod: its name and what it replaces', () => {
  expect(said(go, 'go.mod', 'module "example.com/app"\nreplace example.com/a => ../a\nreplace (\n\texample.com/b v1.0.0 => example.com/fork/b v1.2.0\n\texample.com/c => /home/me/c\n)\n')).toEqual({
    ecosystem: 'golang', name: 'example.com/app', replaces: [{ name: 'example.com/a', with: '../a' }, { name: 'example.com/b', with: 'example.com/fork/b@v1.2.0' }],
  });
});

it('go.work: its modules', () => {
  expect(said(go, 'go.work', 'go 1.22\n\nuse ./tools\nuse (\n\t.\n\t./cmd // the commands\n)\nreplace example.com/a => ./a\n')).toEqual({ ecosystem: 'golang', members: ['./tools', '.', './cmd'], replaces: [{ name: 'example.com/a', with: './a' }] });
});
