import { asked, locked, said } from '../../../test/manifests';
import { nuget } from './nuget';

it.each([
  {
    says: 'packages and projects',
    source: '\ufeff<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>\r\n<PackageReference Include="Newtonsoft.Json" Version="13.0.1" /><PackageReference Include="Central" /><PackageReference Include="StyleCop" Version="1.1"><PrivateAssets>all</PrivateAssets></PackageReference><PackageReference Update="Late" VersionOverride="2.0" Version="1.0" /></ItemGroup>\r\n<ItemGroup Condition="x &gt; 1"><PackageReference Include="A;B"><Version>$(AbVersion)</Version></PackageReference><ProjectReference Include="..\\Core\\Core.csproj" /><ProjectReference Include="$(Somewhere)/x.csproj" /></ItemGroup></Project>',
    asks: ['runtime Newtonsoft.Json 13.0.1', 'runtime Central any', 'dev StyleCop 1.1', 'runtime Late 2.0', 'runtime A ${AbVersion}', 'runtime B ${AbVersion}', 'runtime Core any in ../Core'],
  },
  { says: 'an empty project', source: '<Project />', asks: [] },
  { says: 'another document', source: '<a/>', asks: ['error: the root is not <Project>'] },
  { says: 'broken', source: '<Project>\n<s3cret', asks: ['error: not XML: a mistake at line 1, column 1'] },
])('csproj: $says', ({ source, asks }) => {
  expect(asked(nuget, 'csproj', source)).toEqual(asks);
});

it('csproj: its name, its properties and central versions', () => {
  expect(said(nuget, 'csproj', '<Project><PropertyGroup><PackageId>Acme.Core</PackageId><VersionPrefix>1.0.0</VersionPrefix><Full>$(VersionPrefix)-x</Full></PropertyGroup><ItemGroup><PackageVersion Include="A" Version="[1.0]" /></ItemGroup></Project>')).toEqual({
    ecosystem: 'nuget', name: 'Acme.Core', version: '1.0.0', managed: [{ name: 'A', range: '[1.0]', scope: 'runtime' }], properties: { PackageId: 'Acme.Core', VersionPrefix: '1.0.0', Full: '${VersionPrefix}-x' },
  });
});

it.each([
  {
    says: 'all frameworks together',
    source: JSON.stringify({ version: 1, dependencies: {
      'net8.0': { 'A': { type: 'Direct', requested: '[1.0.0, )', resolved: '1.0.0', dependencies: { b: '2.0.0', gone: '1.0' } }, 'B': { type: 'Transitive', resolved: '2.0.0' }, 'own.lib': { type: 'Project', dependencies: { A: '[1.0.0, )' } } },
      'net9.0': { A: { type: 'Direct', requested: '[1.0.0, )', resolved: '1.0.0' } },
    } }),
    lines: ['in .', '  runtime A [1.0.0, ) → A@1.0.0', 'A@1.0.0: A 1.0.0', '  runtime b 2.0.0 → B@2.0.0', '  runtime gone 1.0 → nothing', 'B@2.0.0: B 2.0.0', 'own.lib@: own.lib unknown own', '  runtime A [1.0.0, ) → A@1.0.0'],
  },
  { says: 'something else', source: '{}', lines: [`error: no 'dependencies' in it`] },
  { says: 'broken', source: '{"a": s3cret', lines: ['error: not JSON: invalid symbol at line 1, column 7'] },
])('packages.lock.json: $says', ({ source, lines }) => {
  expect(locked(nuget, 'packages.lock.json', source)).toEqual(lines);
});
