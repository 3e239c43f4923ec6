import { said } from '../../../test/manifests';
import { git } from './gitmodules';

it.each([
  {
    says: 'paths and addresses without credentials',
    source: '\ufeff[submodule "a"]\r\n\tpath = libs/a\r\n\turl = https://me:s3cret@host/a.git\r\n[submodule "b"]\n  url = ../b.git # beside us\n  path = "libs/b b"\n\tbranch = main\n[submodule "scp"]\npath=c/\nurl=git@host:me/c.git\n',
    submodules: [{ path: 'libs/a', url: 'https://host/a.git' }, { path: 'libs/b b', url: '../b.git' }, { path: 'c', url: 'git@host:me/c.git' }],
  },
  { says: 'no address', source: '[submodule "a"]\n\tpath = a\n', submodules: [{ path: 'a' }] },
  { says: 'no path', source: '[submodule "a"]\n\turl = x\n[other]\n\tpath = b\n', submodules: undefined },
])('$says', ({ source, submodules }) => {
  expect(said(git, 'gitmodules', source)).toEqual(submodules === undefined ? {} : { submodules });
});
