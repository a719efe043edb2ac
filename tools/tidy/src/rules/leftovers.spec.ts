import { leftoverMarks, machinePaths, reasonedExceptions } from './leftovers';

// What the rules look for is put together here, so that they do not find this spec.
const file = (text: string, path = 'apps/x/src/a.ts') => [{ path, text: `// top\n${text}` }];

describe('leftoverMarks', () => {
  it('finds notes to oneself in any text', () => {
    expect(leftoverMarks(file(`// ${'TO' + 'DO'}: later`))).toMatchObject([{ line: 2 }]);
    expect(leftoverMarks(file(`${'FIX' + 'ME'} soon`, 'docs/A.md'))).toHaveLength(1);
  });

  it('lets ordinary words be', () => {
    expect(leftoverMarks(file('// todos of the resident; prefixed'))).toEqual([]);
  });
});

describe('machinePaths', () => {
  it.each(['/home/' + 'ann/doorstep', '/Users/' + 'ann/x', '/ro' + 'ot/x', '/wo' + 'rk/main'])(
    'finds %s',
    (path) => {
      expect(machinePaths(file(`const a = '${path}';`))).toMatchObject([{ line: 2, rule: 'machine-path' }]);
    },
  );

  it.each([
    'https:' + '//registry.example.com/x',
    'http:' + '//nexus.corp/x',
    '"resolved": ' + '"https://any/x.tgz"',
  ])('finds %s', (address) => {
    expect(machinePaths(file(`  ${address}`))).toMatchObject([{ rule: 'registry-host' }]);
  });

  it.each([
    '/home/node/app',
    './work/x',
    'apps/work/x',
    'https://www.npmjs.com/package/pg',
    '"verdaccio": "^6.0.5"',
  ])('lets %s be', (text) => {
    expect(machinePaths(file(text))).toEqual([]);
  });
});

describe('reasonedExceptions', () => {
  const off = 'eslint-dis' + 'able-next-line';

  it('wants a reason', () => {
    expect(reasonedExceptions(file(`// ${off} no-console`))).toMatchObject([{ line: 2 }]);
    expect(reasonedExceptions(file(`// @ts-${'ignore'}`))).toHaveLength(1);
  });

  it('is content with one', () => {
    expect(reasonedExceptions(file(`// ${off} no-console -- the command's output`))).toEqual([]);
  });
});
