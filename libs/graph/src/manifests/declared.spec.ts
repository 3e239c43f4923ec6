import { manifestsOf } from '../../test/texts';
import { declaredPackagesOf, type DeclaredPackages } from './declared';
import { readManifests } from './manifests';

function packagesIn(texts: Readonly<Record<string, string>>): DeclaredPackages {
  const { declared, resolved } = readManifests(manifestsOf(texts));
  return declaredPackagesOf(declared, resolved);
}

const texts = {
  'pyproject.toml': '[project]\nname = "app"\ndependencies = ["requests", "numpy>=1", "lib"]\n',
  'uv.lock': '[[package]]\nname = "app"\nsource = { virtual = "." }\ndependencies = [{ name = "requests" }, { name = "numpy", version = "1.26.0" }]\n[[package]]\nname = "requests"\nversion = "2.31.0"\n[[package]]\nname = "numpy"\nversion = "1.26.0"\n[[package]]\nname = "numpy"\nversion = "2.0.0"\n[[package]]\nname = "certifi"\nversion = "2024.2.2"\n',
  'src/setup.cfg': '[flake8]\nmax-line-length = 100\n',
  'lib/pyproject.toml': '[project]\nname = "lib"\ndependencies = ["requests==1.0"]\n',
  'requirements/dev.txt': 'black\n',
  'go/go.mod': 'module m\nrequire example.com/a v1.2.0\n',
};

it.each([
  { says: 'what the manifest above got', ecosystem: 'pypi', folder: 'src/app', name: 'numpy', version: '1.26.0' },
  { says: 'a name written in another way', ecosystem: 'pypi', folder: '', name: 'Requests', version: '2.31.0' },
  { says: 'what nobody asks for and yet is locked', ecosystem: 'pypi', folder: 'src', name: 'certifi', version: '2024.2.2' },
  { says: 'a range that leaves no choice', ecosystem: 'pypi', folder: 'lib/x', name: 'requests', version: '1.0' },
  { says: 'the version of Go', ecosystem: 'golang', folder: 'go/cmd', name: 'example.com/a', version: 'v1.2.0' },
  { says: 'a package of the repository', ecosystem: 'pypi', folder: '', name: 'lib', version: null },
  { says: 'what nobody knows', ecosystem: 'cargo', folder: '', name: 'serde', version: null },
] as const)('the locked version of $name in "$folder": $says', ({ ecosystem, folder, name, version }) => {
  expect(packagesIn(texts).lockedVersion(ecosystem, folder, name)).toBe(version);
});

it('finds the nearest manifests that say something, and requirements in a folder of their own', () => {
  const packages = packagesIn(texts);
  expect(packages.nearest('pypi', 'src/app').map(({ path }) => path)).toEqual(['pyproject.toml', 'requirements/dev.txt']);
  expect(packages.nearest('golang', 'src')).toEqual([]);
  expect(packages.all('pypi').map(({ path }) => path)).toEqual(['lib/pyproject.toml', 'pyproject.toml', 'requirements/dev.txt']);
});
