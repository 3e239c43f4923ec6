import { graphOfSources, linksOf, type Sources } from '../../test/sources';

interface Example { says: string; source: string; from?: string; among?: Sources; leadsTo: string[] }

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says', ({ from = 'src/App/A.cs', source, among = {}, leadsTo }) => {
    expect(linksOf(from, { ...among, [from]: source })).toEqual(leadsTo);
  });
};

const orders: Sources = {
  'src/Orders/Order.cs': 'namespace Acme.Orders; public class Order { }',
  'src/Orders/Customer.cs': 'namespace Acme.Orders { public record Customer(int Id); public enum Level { A } }',
  'src/Orders/MarkAttribute.cs': 'namespace Acme.Orders; public class MarkAttribute : System.Attribute { }',
};

describe('namespaces of the repository', () => {
  run([
    { says: 'the types that are mentioned', source: 'using Acme.Orders; class A { Order b; }', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'several of a file', source: 'using Acme.Orders; class A { Customer b; Level c; }', among: orders, leadsTo: ['src/Orders/Customer.cs'] },
    { says: 'an attribute by its short name', source: 'using Acme.Orders; [Mark] class A { }', among: orders, leadsTo: ['src/Orders/MarkAttribute.cs'] },
    { says: 'none that is mentioned', source: 'using Acme.Orders; class A { }', among: orders, leadsTo: [] },
    { says: 'without a using', source: 'class A { Order b; }', among: orders, leadsTo: [] },
    { says: 'in the text of others', source: 'using Acme.Orders; class A { string b = "Order"; } // Customer', among: orders, leadsTo: [] },
    { says: 'a namespace around others', source: 'using Acme; class A { Order b; }', among: orders, leadsTo: [] },
    { says: 'the namespaces around the own one need no using', source: 'namespace Acme.Orders.Web; class A { Order b; }', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'the own namespace is no import', source: 'namespace Acme.Orders; class A { Order b; }', among: orders, leadsTo: [] },
    { says: 'the own namespace comes first', source: 'using Acme.Orders; namespace Own; class A { Order b; }', among: { ...orders, 'src/Own/Order.cs': 'namespace Own; class Order { }' }, leadsTo: [] },
    { says: 'the first namespace in sight that has it', source: 'using Other; using Acme.Orders; class A { Order b; }', among: { ...orders, 'src/Other/Order.cs': 'namespace Other; class Order { }' }, leadsTo: ['src/Other/Order.cs'] },
    { says: 'a name inside of the own namespace', source: 'namespace Acme { using Orders; class A { Order b; } }', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'static', source: 'using static Acme.Orders.Order;', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'static of a type inside of another', source: 'using static Acme.Orders.Order.Inner;', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'an alias of a type', source: 'using O = Acme.Orders.Order;', among: orders, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'a type without a namespace', source: 'using static Loose;', among: { 'src/Loose.cs': 'static class Loose { }' }, leadsTo: ['src/Loose.cs'] },
    { says: 'itself, which is no edge', source: 'using static Own.A; namespace Own { class A { } }', leadsTo: [] },
    { says: 'the file of a partial type that bears its name', source: 'using P; class A { Part b; }', among: { 'src/P/Part.Create.cs': 'namespace P; partial class Part { }', 'src/P/Part.cs': 'namespace P; partial class Part { }', 'src/P/Part.Show.cs': 'namespace P; partial class Part { }' }, leadsTo: ['src/P/Part.cs'] },
    { says: 'the nearest of two of the same name', source: 'using P; class A { B b; }', among: { 'src/App/Shared/B.cs': 'namespace P; class B { }', 'src/Zoo/B.cs': 'namespace P; class B { }' }, leadsTo: ['src/App/Shared/B.cs'] },
  ]);

  it('say the line of the first mention', () => {
    const { edges } = graphOfSources({ ...orders, 'A.cs': 'using Acme.Orders;\nclass A {\n  Order b;\n}' });
    expect(edges.imports).toEqual([{ from: 'A.cs', kind: 'static', line: 3, to: 'src/Orders/Order.cs' }]);
  });
});

describe('extension methods', () => {
  const extensions = (...names: string[]): Sources => Object.fromEntries(names.map((name) => [`src/Ext/${name}Extensions.cs`, `namespace Ext; static class ${name}Extensions { }`]));
  run([
    { says: 'when nothing else of the namespace is mentioned', source: 'using Ext; class A { void B() { c.AddIt(); } }', among: extensions('One', 'Two'), leadsTo: ['src/Ext/OneExtensions.cs', 'src/Ext/TwoExtensions.cs'] },
    { says: 'not when something is', source: 'using Ext; class A { OneExtensions b; }', among: extensions('One', 'Two'), leadsTo: ['src/Ext/OneExtensions.cs'] },
    { says: 'not when there are many', source: 'using Ext; class A { }', among: extensions('One', 'Two', 'Three', 'Four', 'Five'), leadsTo: [] },
    { says: 'not of types without a namespace', source: 'using Ext; class A { }', among: { ...extensions('One'), 'FreeExtensions.cs': 'static class FreeExtensions { }' }, leadsTo: ['src/Ext/OneExtensions.cs'] },
  ]);
});

describe('what a project uses everywhere', () => {
  const globals = 'global using Acme.Orders;\nglobal using System.Linq;';
  run([
    { says: 'holds for its files', source: 'class A { Order b; }', among: { ...orders, 'src/App/App.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/App/Globals.cs': globals }, leadsTo: ['src/Orders/Order.cs'] },
    { says: 'not for those of other projects', source: 'class A { Order b; }', among: { ...orders, 'src/App/App.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/Other/Other.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/Other/Globals.cs': globals }, leadsTo: [] },
    { says: 'not for those above a project', source: 'class A { Order b; }', among: { ...orders, 'src/App/Inner/Inner.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/App/Inner/Globals.cs': globals }, leadsTo: [] },
    { says: 'is itself an import of what is not in the repository', from: 'src/App/Globals.cs', source: globals, among: orders, leadsTo: ['dotnet:System.Linq'] },
  ]);
});

const project = (...items: string[]): string => `<Project><ItemGroup>${items.join('')}</ItemGroup></Project>`;
const reference = (name: string, version = '1.0.0', more = ''): string => `<PackageReference Include="${name}" Version="${version}" ${more}/>`;

describe('outside of the repository', () => {
  const asked = (...items: string[]): Sources => ({ 'src/App/App.csproj': project(...items) });
  run([
    { says: 'the base library', source: 'using System; using System.Collections.Generic; using Microsoft.Win32; using static System.Math;', leadsTo: ['dotnet:Microsoft.Win32', 'dotnet:System', 'dotnet:System.Collections.Generic', 'dotnet:System.Math'] },
    { says: 'the frameworks of the SDK', source: 'using Microsoft.AspNetCore.Mvc; using Microsoft.Extensions.Logging;', leadsTo: ['dotnet:Microsoft.AspNetCore.Mvc', 'dotnet:Microsoft.Extensions.Logging'] },
    { says: 'a package comes before them', source: 'using System.Text.Json.Nodes; using Microsoft.Extensions.Logging;', among: asked(reference('System.Text.Json', '9.0.1'), reference('Microsoft.Extensions.Logging')), leadsTo: ['pkg:nuget/Microsoft.Extensions.Logging@1.0.0', 'pkg:nuget/System.Text.Json@9.0.1'] },
    { says: 'but not one that only begins like them', source: 'using System.Linq; using Microsoft.Extensions;', among: asked(reference('System.Linq.Async'), reference('Microsoft.Extensions.Http')), leadsTo: ['dotnet:Microsoft.Extensions', 'dotnet:System.Linq'] },
    { says: 'the longest name that the namespace begins with', source: 'using Serilog.Sinks.File.Output;', among: asked(reference('Serilog'), reference('Serilog.Sinks.File')), leadsTo: ['pkg:nuget/Serilog.Sinks.File@1.0.0'] },
    { says: 'whatever the case', source: 'using Xunit;', among: asked(reference('xunit')), leadsTo: ['pkg:nuget/xunit@1.0.0'] },
    { says: 'the shortest name that begins with the namespace', source: 'using Serilog;', among: asked(reference('Serilog.Extensions.Hosting'), reference('Serilog.AspNetCore')), leadsTo: ['pkg:nuget/Serilog.AspNetCore@1.0.0'] },
    { says: 'or with the front of it', source: 'using Microsoft.EntityFrameworkCore.Migrations;', among: asked(reference('Microsoft.EntityFrameworkCore.Sqlite')), leadsTo: ['pkg:nuget/Microsoft.EntityFrameworkCore.Sqlite@1.0.0'] },
    { says: 'tools come last', source: 'using Microsoft.EntityFrameworkCore;', among: asked(reference('Microsoft.EntityFrameworkCore.Tools', '1.0.0', 'PrivateAssets="all"'), reference('Microsoft.EntityFrameworkCore.SqlServer')), leadsTo: ['pkg:nuget/Microsoft.EntityFrameworkCore.SqlServer@1.0.0'] },
    { says: 'what is known of a name', source: 'using CommandLine; using Amazon.S3.Model; using Amazon.Runtime;', among: asked(reference('CommandLineParser'), reference('AWSSDK.S3'), reference('AWSSDK.Core')), leadsTo: ['pkg:nuget/AWSSDK.Core@1.0.0', 'pkg:nuget/AWSSDK.S3@1.0.0', 'pkg:nuget/CommandLineParser@1.0.0'] },
    { says: 'what the projects it refers to ask for', source: 'using Dapper;', among: { ...asked('<ProjectReference Include="..\\Core\\Core.csproj" />'), 'src/Core/Core.csproj': project(reference('Dapper', '2.1.0')) }, leadsTo: ['pkg:nuget/Dapper@2.1.0'] },
    { says: 'what properties above ask for', source: 'using Dapper;', among: { ...asked(), 'Directory.Build.props': project(reference('Dapper')) }, leadsTo: ['pkg:nuget/Dapper@1.0.0'] },
    { says: 'what nobody asks for', source: 'using Dapper;', among: asked(reference('xunit')), leadsTo: ['? Dapper'] },
    { says: 'in no project', source: 'using Dapper;', leadsTo: ['? Dapper'] },
  ]);
});
