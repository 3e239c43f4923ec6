// Packages whose names do not begin as their groups do, with the artifacts they come in, the usual one first.
const TABLE = `
com.codahale.metrics io.dropwizard.metrics:metrics-core
com.google.common com.google.guava:guava
com.google.gson com.google.code.gson:gson
com.jcraft.jzlib com.jcraft:jzlib
com.sun.jna net.java.dev.jna:jna
freemarker org.freemarker:freemarker
groovy org.apache.groovy:groovy org.codehaus.groovy:groovy
io.reactivex io.reactivex.rxjava3:rxjava io.reactivex.rxjava2:rxjava
jakarta.persistence jakarta.persistence:jakarta.persistence-api org.springframework.boot:spring-boot-starter-data-jpa
jakarta.servlet jakarta.servlet:jakarta.servlet-api org.apache.tomcat.embed:tomcat-embed-core org.springframework.boot:spring-boot-starter-web org.springframework.boot:spring-boot-starter-webmvc
jakarta.validation jakarta.validation:jakarta.validation-api org.springframework.boot:spring-boot-starter-validation
javax.annotation javax.annotation:javax.annotation-api jakarta.annotation:jakarta.annotation-api com.google.code.findbugs:jsr305
javax.persistence javax.persistence:javax.persistence-api jakarta.persistence:jakarta.persistence-api org.springframework.boot:spring-boot-starter-data-jpa
javax.servlet javax.servlet:javax.servlet-api javax.servlet:servlet-api jakarta.servlet:jakarta.servlet-api
javax.validation javax.validation:validation-api jakarta.validation:jakarta.validation-api org.springframework.boot:spring-boot-starter-validation
javax.xml.bind javax.xml.bind:jaxb-api jakarta.xml.bind:jakarta.xml.bind-api
jakarta.xml.bind jakarta.xml.bind:jakarta.xml.bind-api
junit.framework junit:junit
kotlin org.jetbrains.kotlin:kotlin-stdlib
lombok org.projectlombok:lombok
lzma.sdk com.github.jponge:lzma-java
net.jpountz org.lz4:lz4-java net.jpountz.lz4:lz4
net.sf.cglib cglib:cglib
okhttp3 com.squareup.okhttp3:okhttp
okio com.squareup.okio:okio
org.apache.commons.beanutils commons-beanutils:commons-beanutils
org.apache.commons.cli commons-cli:commons-cli
org.apache.commons.codec commons-codec:commons-codec
org.apache.commons.collections commons-collections:commons-collections
org.apache.commons.fileupload commons-fileupload:commons-fileupload
org.apache.commons.io commons-io:commons-io
org.apache.commons.lang commons-lang:commons-lang
org.apache.commons.logging commons-logging:commons-logging org.springframework:spring-jcl org.springframework:spring-core org.springframework.boot:spring-boot-starter*
org.apache.commons.net commons-net:commons-net
org.apache.http org.apache.httpcomponents:httpclient org.apache.httpcomponents:httpcore
org.apache.log4j log4j:log4j ch.qos.reload4j:reload4j
org.assertj org.assertj:assertj-core org.springframework.boot:spring-boot-starter*test
org.hamcrest org.hamcrest:hamcrest org.hamcrest:hamcrest-library org.hamcrest:hamcrest-core junit:junit org.springframework.boot:spring-boot-starter*test
org.hibernate org.hibernate.orm:hibernate-core org.hibernate:hibernate-core org.springframework.boot:spring-boot-starter-data-jpa
org.joda.time joda-time:joda-time
org.junit junit:junit
org.junit.jupiter org.junit.jupiter:junit-jupiter-api org.junit.jupiter:junit-jupiter org.springframework.boot:spring-boot-starter*test
org.junit.jupiter.params org.junit.jupiter:junit-jupiter-params org.junit.jupiter:junit-jupiter
org.mockito org.mockito:mockito-core org.mockito:mockito-junit-jupiter org.springframework.boot:spring-boot-starter*test
org.objectweb.asm org.ow2.asm:asm
org.openqa.selenium org.seleniumhq.selenium:selenium-java
org.quartz org.quartz-scheduler:quartz
org.slf4j org.slf4j:slf4j-api org.springframework.boot:spring-boot-starter*
org.springframework.beans org.springframework:spring-beans org.springframework:spring-context org.springframework.boot:spring-boot-starter*
org.springframework.boot org.springframework.boot:spring-boot org.springframework.boot:spring-boot-starter org.springframework.boot:spring-boot-starter-web* org.springframework.boot:spring-boot-starter*
org.springframework.boot.autoconfigure org.springframework.boot:spring-boot-autoconfigure org.springframework.boot:spring-boot-starter org.springframework.boot:spring-boot-starter-web* org.springframework.boot:spring-boot-starter*
org.springframework.boot.test org.springframework.boot:spring-boot-test org.springframework.boot:spring-boot-starter*test
org.springframework.boot.testcontainers org.springframework.boot:spring-boot-testcontainers
org.springframework.context org.springframework:spring-context org.springframework.boot:spring-boot-starter*
org.springframework.core org.springframework:spring-core org.springframework:spring-context org.springframework.boot:spring-boot-starter*
org.springframework.http org.springframework:spring-web org.springframework.boot:spring-boot-starter-web*
org.springframework.stereotype org.springframework:spring-context org.springframework.boot:spring-boot-starter*
org.springframework.test org.springframework:spring-test org.springframework.boot:spring-boot-starter*test
org.springframework.transaction org.springframework:spring-tx org.springframework.boot:spring-boot-starter-data-* org.springframework.boot:spring-boot-starter-jdbc
org.springframework.ui org.springframework:spring-context org.springframework.boot:spring-boot-starter-web*
org.springframework.util org.springframework:spring-core org.springframework:spring-context org.springframework.boot:spring-boot-starter*
org.springframework.validation org.springframework:spring-context org.springframework.boot:spring-boot-starter-validation org.springframework.boot:spring-boot-starter-web*
org.springframework.web org.springframework:spring-web org.springframework:spring-webmvc org.springframework.boot:spring-boot-starter-web*
picocli info.picocli:picocli
reactor io.projectreactor:reactor-core
retrofit2 com.squareup.retrofit2:retrofit
rx io.reactivex:rxjava
scala org.scala-lang:scala-library
`;

/** `group:artifact` by the beginning of the package's name. `*` stands for any characters. They count only where a manifest asks for one of them. */
export const WELL_KNOWN: ReadonlyMap<string, readonly string[]> = new Map(
  TABLE.trim().split('\n').map((line) => {
    const [name = '', ...artifacts] = line.split(' ');
    return [name, artifacts];
  }),
);
