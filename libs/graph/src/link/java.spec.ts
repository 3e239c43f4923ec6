import { graphOfSources, linksOf, type Sources } from '../../test/sources';

interface Example { says: string; source: string; from?: string; among?: Sources; leadsTo: string[] }

const FROM = 'src/main/java/app/A.java';

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says', ({ from = FROM, source, among = {}, leadsTo }) => {
    expect(linksOf(from, { ...among, [from]: source })).toEqual(leadsTo);
  });
};

const type = (path: string, name: string): Sources => ({ [path]: `package ${name};\nclass X {}` });

describe('types of the repository', () => {
  run([
    { says: 'by name', source: 'import a.b.C;', among: type('src/main/java/a/b/C.java', 'a.b'), leadsTo: ['src/main/java/a/b/C.java'] },
    { says: 'by what is declared, wherever the file lies', source: 'import a.b.C;', among: type('code/C.java', 'a.b'), leadsTo: ['code/C.java'] },
    { says: 'not by the path alone', source: 'import a.b.C;', among: type('src/main/java/a/b/C.java', 'a.other'), leadsTo: ['? a.b.C'] },
    { says: 'a type inside of another', source: 'import a.B.C.D;', among: type('a/B.java', 'a'), leadsTo: ['a/B.java'] },
    { says: 'a static member', source: 'import static a.B.c;', among: type('a/B.java', 'a'), leadsTo: ['a/B.java'] },
    { says: 'all static members', source: 'import static a.B.*;', among: type('a/B.java', 'a'), leadsTo: ['a/B.java'] },
    { says: 'the longest package that has it', source: 'import a.b.c;', among: { ...type('a/b.java', 'a'), ...type('a/b/c.java', 'a.b') }, leadsTo: ['a/b/c.java'] },
    { says: 'itself, which is no edge', source: 'package app; import static app.A.b;', leadsTo: [] },
    { says: 'not there', source: 'import a.Gone;', among: type('a/B.java', 'a'), leadsTo: ['? a.Gone'] },
    {
      says: 'the nearest of two of the same name',
      from: 'android/src/app/A.java',
      source: 'import a.B;',
      among: { ...type('android/src/a/B.java', 'a'), ...type('jre/src/a/B.java', 'a') },
      leadsTo: ['android/src/a/B.java'],
    },
    { says: 'in another module of the build', from: 'web/src/main/java/app/A.java', source: 'import core.B;', among: type('core/src/main/java/core/B.java', 'core'), leadsTo: ['core/src/main/java/core/B.java'] },
    { says: 'of its own package, which needs no import', source: 'package app; class A { B b; }', among: type('src/main/java/app/B.java', 'app'), leadsTo: [] },
    { says: 'in the package without a name', from: 'A.java', source: 'import a.B;', among: type('B.java', 'a'), leadsTo: ['B.java'] },
  ]);
});

describe('wildcards', () => {
  const among = { ...type('a/B.java', 'a'), ...type('a/C.java', 'a'), ...type('a/D.java', 'a'), ...type('z/B.java', 'z') };
  run([
    { says: 'the types that are mentioned', source: 'import a.*;\nclass A { B b = C.d(); } // D', among, leadsTo: ['a/B.java', 'a/C.java'] },
    { says: 'none that is mentioned', source: 'import a.*;\nclass A { }', among, leadsTo: [] },
    { says: 'a type that is imported by its name comes first', source: 'import a.*;\nimport z.B;\nclass A { B b; }', among, leadsTo: ['z/B.java'] },
    { says: 'a type of the own package comes first', source: 'package app;\nimport a.*;\nclass A { B b; }', among: { ...among, ...type('src/main/java/app/B.java', 'app') }, leadsTo: [] },
    { says: 'of a package that is not there', source: 'import gone.*;', among, leadsTo: ['? gone.*'] },
  ]);

  it('say the line of the first mention', () => {
    const { edges } = graphOfSources({ ...among, [FROM]: 'import a.*;\nclass A {\n  B b;\n  B c; }' });
    expect(edges.imports).toEqual([{ from: FROM, kind: 'static', line: 3, to: 'a/B.java' }]);
  });
});

describe('the runtime', () => {
  run([
    { says: 'a type', source: 'import java.util.List;', leadsTo: ['java:java.util'] },
    { says: 'a nested type and a static member', source: 'import java.util.Map.Entry; import static java.lang.Math.max;', leadsTo: ['java:java.lang', 'java:java.util'] },
    { says: 'a wildcard', source: 'import java.util.*; import static java.util.Objects.*;', leadsTo: ['java:java.util'] },
    { says: 'what of javax belongs to it', source: 'import javax.sql.DataSource; import javax.xml.parsers.*; import javax.annotation.processing.Processor; import javax.inject.Inject;', leadsTo: ['? javax.inject.Inject', 'java:javax.annotation.processing', 'java:javax.sql', 'java:javax.xml.parsers'] },
    { says: 'documents and servers', source: 'import org.w3c.dom.Node; import com.sun.net.httpserver.HttpServer;', leadsTo: ['java:com.sun.net.httpserver', 'java:org.w3c.dom'] },
    { says: 'a module', source: 'import module java.sql; import module other;', leadsTo: ['? module other', 'java:java.sql'] },
    { says: 'unless the repository is the runtime', source: 'import java.util.List;', among: type('src/java.base/java/util/List.java', 'java.util'), leadsTo: ['src/java.base/java/util/List.java'] },
  ]);
});

const dependency = (name: string, version?: string): string => {
  const [group = '', artifact = ''] = name.split(':');
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${version === undefined ? '' : `<version>${version}</version>`}</dependency>`;
};
const pom = (name: string, ...dependencies: string[]): string => {
  const [group = '', artifact = ''] = name.split(':');
  return `<project><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>`;
};

describe('packages of Maven', () => {
  const asked = (...names: string[]): Sources => ({ 'pom.xml': pom('app:app', ...names.map((name) => dependency(name, '1.0'))) });
  run([
    { says: 'by their group', source: 'import org.mockito.Mockito;', among: asked('org.mockito:mockito-core', 'org.other:mockito'), leadsTo: ['pkg:maven/org.mockito/mockito-core@1.0'] },
    { says: 'by the longest group', source: 'import io.netty.incubator.Quic;', among: asked('io.netty:netty-all', 'io.netty.incubator:quic'), leadsTo: ['pkg:maven/io.netty.incubator/quic@1.0'] },
    { says: 'by the words of the artifact', source: 'import com.fasterxml.jackson.databind.ObjectMapper;', among: asked('com.fasterxml.jackson.core:jackson-core', 'com.fasterxml.jackson.core:jackson-databind'), leadsTo: ['pkg:maven/com.fasterxml.jackson.core/jackson-databind@1.0'] },
    { says: 'by what is known of a name', source: 'import com.google.common.collect.Lists; import org.apache.commons.io.FileUtils;', among: asked('com.google.guava:guava', 'commons-io:commons-io', 'org.apache.commons:commons-lang3'), leadsTo: ['pkg:maven/com.google.guava/guava@1.0', 'pkg:maven/commons-io/commons-io@1.0'] },
    { says: 'by a starter that brings it', source: 'import org.assertj.core.api.Assertions;', among: asked('org.springframework.boot:spring-boot-starter-webmvc-test'), leadsTo: ['pkg:maven/org.springframework.boot/spring-boot-starter-webmvc-test@1.0'] },
    { says: 'not by a group that many share', source: 'import org.apache.kafka.Producer;', among: asked('org.apache.commons:commons-lang3'), leadsTo: ['? org.apache.kafka.Producer'] },
    { says: 'not when nothing asks for it', source: 'import lombok.Data;', among: asked('org.mockito:mockito-core'), leadsTo: ['? lombok.Data'] },
    { says: 'without a manifest', source: 'import lombok.Data;', leadsTo: ['? lombok.Data'] },
    {
      says: 'through a module of the repository',
      from: 'web/src/A.java',
      source: 'import lombok.Data;',
      among: { 'web/pom.xml': pom('app:web', dependency('app:core')), 'core/pom.xml': pom('app:core', dependency('org.projectlombok:lombok', '2')) },
      leadsTo: ['pkg:maven/org.projectlombok/lombok@2'],
    },
    { says: 'which comes behind the own ones', from: 'web/A.java', source: 'import org.x.Y;', among: { 'web/pom.xml': pom('app:web', dependency('app:core'), dependency('org.x:a', '1')), 'core/pom.xml': pom('app:core', dependency('org.x:y', '2')) }, leadsTo: ['pkg:maven/org.x/a@1'] },
  ]);
});
