import { asked, said } from '../../../test/manifests';
import { maven } from './maven';

const pom = (inner: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<!-- a comment -->\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n${inner}\n</project>\n`;
const dependency = (artifact: string, more = ''): string => `<dependency><groupId>g</groupId><artifactId>${artifact}</artifactId>${more}</dependency>`;

it.each([
  {
    says: 'every scope',
    source: pom(`<artifactId>a</artifactId><dependencies>${dependency('plain', '<version>1.0</version>')}${dependency('test', '<version>[1,2)</version><scope>test</scope>')}${dependency('given', '<scope>provided</scope>')}${dependency('maybe', '<optional>true</optional>')}${dependency('later', '<scope>runtime</scope>')}</dependencies>`),
    asks: ['runtime g:plain 1.0', 'dev g:test [1,2)', 'peer g:given any', 'optional g:maybe any', 'runtime g:later any'],
  },
  { says: 'properties as they are written', source: pom(`<dependencies>${dependency('a', '<version>${a.version}</version>')}${dependency('${b}')}</dependencies>`), asks: ['runtime g:a ${a.version}', 'runtime g:${b} any'] },
  { says: 'entities of XML', source: pom(`<dependencies>${dependency('a&amp;b', '<version>&lt;1</version>')}</dependencies>`), asks: ['runtime g:a&b <1'] },
  { says: 'a prefix on every element', source: '<m:project xmlns:m="x"><m:dependencies><m:dependency><m:groupId>g</m:groupId><m:artifactId>a</m:artifactId></m:dependency></m:dependencies></m:project>', asks: ['runtime g:a any'] },
  { says: 'neither plugins nor what a profile asks for', source: pom(`<build><plugins><plugin><dependencies>${dependency('p')}</dependencies></plugin></plugins></build><profiles><profile><dependencies>${dependency('q')}</dependencies></profile></profiles>`), asks: [] },
  { says: 'what lacks a name', source: pom('<dependencies><dependency><artifactId>a</artifactId></dependency><dependency/></dependencies>'), asks: [] },
  { says: 'another document', source: '<html></html>', asks: ['error: the root is not <project>'] },
  { says: 'broken', source: '<project>\n<token>s3cret</project>', asks: ['error: not XML: a mistake at line 2, column 14'] },
  { says: 'nothing', source: '', asks: ['error: it is empty'] },
])('pom.xml: $says', ({ source, asks }) => {
  expect(asked(maven, 'pom.xml', source)).toEqual(asks);
});

it('pom.xml: parent, modules, properties, what it manages', () => {
  const source = pom(`<parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version><relativePath>../pom.xml</relativePath></parent>
    <artifactId>child</artifactId><packaging>pom</packaging>
    <modules><module>a</module><module>b</module></modules>
    <profiles><profile><modules><module>c</module></modules></profile></profiles>
    <properties><x.version>1.2</x.version><empty/></properties>
    <dependencyManagement><dependencies>${dependency('managed', '<version>${x.version}</version>')}${dependency('bom', '<version>3</version><type>pom</type><scope>import</scope>')}</dependencies></dependencyManagement>
    <build><sourceDirectory>\${project.basedir}/src/java</sourceDirectory><testSourceDirectory>\${other}/test</testSourceDirectory></build>`);
  expect(said(maven, 'pom.xml', source)).toEqual({
    ecosystem: 'maven', name: 'org.acme:child', version: '1.0', members: ['a', 'b', 'c'], sources: ['src/java'], parent: 'org.acme:parent:1.0',
    managed: [{ name: 'g:managed', range: '${x.version}', scope: 'runtime' }], includes: ['g:bom:3'],
    properties: { 'x.version': '1.2', 'project.groupId': 'org.acme', 'project.artifactId': 'child', 'project.version': '1.0', 'project.parent.groupId': 'org.acme', 'project.parent.version': '1.0' },
  });
});
