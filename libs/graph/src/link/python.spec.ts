import { linksOf, type Sources } from '../../test/sources';

interface Example { says: string; source: string; from?: string; among?: Sources; leadsTo: string[] }

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says', ({ from = 'app/main.py', source, among = {}, leadsTo }) => {
    expect(linksOf(from, { ...among, [from]: source })).toEqual(leadsTo);
  });
};

const empty = (...paths: string[]): Sources => Object.fromEntries(paths.map((path) => [path, '']));

describe('relative imports', () => {
  const tree = empty('app/__init__.py', 'app/a.py', 'app/sub/__init__.py', 'app/sub/b.py', 'app/sub/c.pyi');
  run([
    { says: 'a module beside it', source: 'from . import a\nfrom .a import x', among: tree, leadsTo: ['app/a.py'] },
    { says: 'a name of the package', source: 'from . import version\nfrom . import *', among: tree, leadsTo: ['app/__init__.py'] },
    { says: 'a module of a package below', source: 'from .sub import b\nfrom .sub.b import x', among: tree, leadsTo: ['app/sub/b.py'] },
    { says: 'a name of a package below', source: 'from .sub import x\nfrom .sub import *', among: tree, leadsTo: ['app/sub/__init__.py'] },
    { says: 'upwards', from: 'app/sub/d.py', source: 'from .. import a\nfrom ..a import x\nfrom .. import name', among: tree, leadsTo: ['app/__init__.py', 'app/a.py'] },
    { says: 'within the package itself', from: 'app/__init__.py', source: 'from . import a\nfrom .sub.b import x', among: tree, leadsTo: ['app/a.py', 'app/sub/b.py'] },
    { says: 'a stub that has no source', source: 'from .sub import c', among: tree, leadsTo: ['app/sub/c.pyi'] },
    { says: 'a compiled module, by its source', source: 'from . import fast', among: empty('app/fast.pyx', 'app/fast.pyi'), leadsTo: ['app/fast.pyx'] },
    { says: 'a stub beside its source', source: 'from . import a', among: empty('app/a.py', 'app/a.pyi'), leadsTo: ['app/a.py'] },
    { says: 'a stub, for a stub', from: 'app/main.pyi', source: 'from . import a', among: empty('app/a.py', 'app/a.pyi'), leadsTo: ['app/a.pyi'] },
    { says: 'a package before a module', source: 'from . import a', among: empty('app/a.py', 'app/a/__init__.py'), leadsTo: ['app/a/__init__.py'] },
    { says: 'without a package', source: 'from . import a\nfrom . import gone', among: empty('app/a.py'), leadsTo: ['? .:gone', 'app/a.py'] },
    { says: 'a module that nobody committed', from: 'app/__init__.py', source: 'from . import _speedups\nfrom ._version import version', leadsTo: ['? .:_speedups', '? ._version:version'] },
    { says: 'above the repository', source: 'from ... import a', among: empty('a.py'), leadsTo: ['? ...:a'] },
    { says: 'dynamically', source: `import_module('.a', __package__)`, among: tree, leadsTo: ['app/a.py'] },
  ]);
});

describe('absolute imports', () => {
  run([
    { says: 'from the folder above the package', from: 'pkg/sub/x.py', source: 'import pkg.a\nfrom pkg.sub import y, z', among: empty('pkg/__init__.py', 'pkg/a.py', 'pkg/sub/__init__.py', 'pkg/sub/y.py'), leadsTo: ['pkg/a.py', 'pkg/sub/__init__.py', 'pkg/sub/y.py'] },
    { says: 'beside a script', from: 'scripts/run.py', source: 'import helper', among: empty('scripts/helper.py', 'helper.py'), leadsTo: ['scripts/helper.py'] },
    { says: 'from src', from: 'tests/test_a.py', source: 'import pkg\nfrom pkg.a import b\nimport conftest', among: empty('src/pkg/__init__.py', 'src/pkg/a.py', 'tests/conftest.py'), leadsTo: ['src/pkg/__init__.py', 'src/pkg/a.py', 'tests/conftest.py'] },
    { says: 'from the root', from: 'tools/deep/run.py', source: 'import pkg.a', among: empty('pkg/__init__.py', 'pkg/a.py'), leadsTo: ['pkg/a.py'] },
    { says: 'from where the manifest says', source: 'import pkg', from: 'tests/a.py', among: { 'pyproject.toml': '[tool.setuptools.packages.find]\nwhere = ["code"]\n', ...empty('code/pkg/__init__.py') }, leadsTo: ['code/pkg/__init__.py'] },
    { says: 'from lib of a project', source: 'import pkg', from: 'tests/a.py', among: empty('setup.py', 'lib/pkg/__init__.py'), leadsTo: ['lib/pkg/__init__.py'] },
    { says: 'namespaces', from: 'a.py', source: 'import ns\nimport ns.part.m\nfrom ns.part import m\nfrom ns import other', among: empty('ns/part/m.py'), leadsTo: ['? ns:other', 'ns/part/m.py'] },
    { says: 'another project of the repository', from: 'one/a.py', source: 'import two.b', among: { 'one/pyproject.toml': '[project]\nname = "one"\ndependencies = ["two"]\n', 'two/pyproject.toml': '[project]\nname = "two"\n', ...empty('two/src/two/__init__.py', 'two/src/two/b.py') }, leadsTo: ['two/src/two/b.py'] },
    { says: 'the nearest of several', from: 'b/tests/t.py', source: 'import shared', among: empty('a/code/shared/__init__.py', 'b/code/shared/__init__.py'), leadsTo: ['b/code/shared/__init__.py'] },
    { says: 'test data only from there', from: 'pkg/a.py', source: 'import sample', among: empty('tests/data/sample/__init__.py'), leadsTo: ['? sample'] },
    { says: 'test data from there', from: 'tests/a.py', source: 'import sample', among: empty('tests/data/sample/__init__.py'), leadsTo: ['tests/data/sample/__init__.py'] },
    { says: 'what only its name is shared with', from: 'backends/redis.py', source: 'import redis\nfrom redis import Redis', among: { 'requirements.txt': 'redis==5.0.1\n' }, leadsTo: ['pkg:pypi/redis@5.0.1'] },
    { says: 'itself', from: 'pkg/__init__.py', source: 'import pkg\nfrom pkg import _native', leadsTo: ['? pkg:_native'] },
    { says: 'a generated module', from: 'pkg/a.py', source: 'from pkg.api_pb2 import X', among: empty('pkg/__init__.py'), leadsTo: ['? pkg.api_pb2:X'] },
  ]);
});

describe('parts of Python', () => {
  run([
    { says: 'by the first name', source: 'import os.path, xml.etree.ElementTree\nfrom __future__ import annotations\nfrom urllib import request', leadsTo: ['python:__future__', 'python:os', 'python:urllib', 'python:xml'] },
    { says: 'of any version since 3.9, and older', source: 'import tomllib, distutils, asyncore, annotationlib, urllib2, _typeshed', leadsTo: ['python:_typeshed', 'python:annotationlib', 'python:asyncore', 'python:distutils', 'python:tomllib', 'python:urllib2'] },
    { says: 'before a file of the same name', source: 'import types\nfrom logging import handlers', from: 'a.py', among: empty('types.py', 'logging/handlers.py'), leadsTo: ['python:logging', 'python:types'] },
    { says: 'after the modules of a package of the same name', from: 'test/a.py', source: 'from test import helper\nimport test.helper\nfrom test import support', among: empty('test/__init__.py', 'test/helper.py'), leadsTo: ['python:test', 'test/helper.py'] },
  ]);
});

describe('distributions', () => {
  const asks = (...lines: string[]): Sources => ({ 'requirements.txt': `${lines.join('\n')}\n` });
  run([
    { says: 'of the same name', source: 'import requests\nfrom requests.adapters import HTTPAdapter', among: asks('requests==2.32.0'), leadsTo: ['pkg:pypi/requests@2.32.0'] },
    { says: 'in another writing', source: 'import typing_extensions, Flask_Login', among: asks('Typing.Extensions>=4', 'flask-login'), leadsTo: ['pkg:pypi/flask-login', 'pkg:pypi/typing-extensions'] },
    { says: 'of a well-known other name', source: 'import yaml, PIL.Image, cv2, sklearn.svm, bs4, jwt, attr', among: asks('PyYAML', 'Pillow', 'opencv-python-headless', 'scikit-learn', 'beautifulsoup4', 'PyJWT', 'attrs'), leadsTo: ['pkg:pypi/attrs', 'pkg:pypi/beautifulsoup4', 'pkg:pypi/opencv-python-headless', 'pkg:pypi/pillow', 'pkg:pypi/pyjwt', 'pkg:pypi/pyyaml', 'pkg:pypi/scikit-learn'] },
    { says: 'called after their module', source: 'import dateutil, dotenv, mysql, serial', among: asks('python-dateutil', 'python-dotenv', 'mysql-connector-python', 'pyserial'), leadsTo: ['pkg:pypi/mysql-connector-python', 'pkg:pypi/pyserial', 'pkg:pypi/python-dateutil', 'pkg:pypi/python-dotenv'] },
    { says: 'that share a namespace', source: 'from google.cloud import storage\nimport google.protobuf.message\nfrom google.cloud import gone\nimport azure.storage.blob', among: asks('google-cloud-storage', 'protobuf', 'azure-storage-blob'), leadsTo: ['? google.cloud:gone', 'pkg:pypi/azure-storage-blob', 'pkg:pypi/google-cloud-storage', 'pkg:pypi/protobuf'] },
    { says: 'with a namespace of another name', source: 'from airflow.providers.amazon.aws import hooks\nimport airflow.models', among: asks('apache-airflow', 'apache-airflow-providers-amazon'), leadsTo: ['pkg:pypi/apache-airflow', 'pkg:pypi/apache-airflow-providers-amazon'] },
    { says: 'that hold only types', source: 'import simplejson', among: asks('types-simplejson'), leadsTo: ['pkg:pypi/types-simplejson'] },
    { says: 'that nobody asks for', source: 'import numpy', leadsTo: ['? numpy'] },
    { says: 'that another manifest asks for', source: 'import pytest', among: { 'requirements/dev.txt': 'pytest==8.0.0\n' }, leadsTo: ['pkg:pypi/pytest@8.0.0'] },
    { says: 'as the lock file has them', source: 'import rich, mdurl', among: { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["rich>=13"]\n', 'uv.lock': 'version = 1\n[[package]]\nname = "mdurl"\nversion = "0.1.2"\n[[package]]\nname = "rich"\nversion = "13.7.1"\ndependencies = [{ name = "mdurl" }]\n[[package]]\nname = "x"\nversion = "0"\nsource = { editable = "." }\ndependencies = [{ name = "rich" }]\n' }, leadsTo: ['pkg:pypi/mdurl@0.1.2', 'pkg:pypi/rich@13.7.1'] },
    { says: 'that lie in the repository', from: 'app/a.py', source: 'import common', among: { 'requirements.txt': './libs/common\n', ...empty('libs/common/common/__init__.py', 'libs/common/setup.py') }, leadsTo: ['libs/common/common/__init__.py'] },
    { says: 'of the same name as test data', source: 'import flask', among: { ...asks('flask'), 'tests/fixtures/pyproject.toml': '[project]\nname = "flask"\n', ...empty('tests/fixtures/flask/__init__.py') }, leadsTo: ['pkg:pypi/flask'] },
    { says: 'behind what lies beside', source: 'import redis', among: { ...asks('redis'), ...empty('app/redis.py') }, leadsTo: ['app/redis.py'] },
  ]);
});
