import { fileLength, functionLength } from './sizes';

const lines = (count: number, line = '  call();') => Array.from({ length: count }, () => line).join('\n');

describe('fileLength', () => {
  it('names the first line that is too many', () => {
    const [finding] = fileLength([{ path: 'apps/x/src/a.ts', text: `${lines(301)}\n` }]);
    expect(finding).toMatchObject({ path: 'apps/x/src/a.ts', line: 301 });
  });

  it('lets three hundred lines pass, and data of any length', () => {
    const files = [
      { path: 'a.ts', text: `${lines(300)}\n` },
      { path: 'data.json', text: lines(5000) },
    ];
    expect(fileLength(files)).toEqual([]);
  });
});

describe('functionLength', () => {
  const findings = (text: string, path = 'a.ts') => functionLength([{ path, text }]);

  it('finds long functions, methods and arrows by name and line', () => {
    const long = `{\n${lines(70)}\n}`;
    const text = `// first line\nfunction f() ${long}\nclass C { m() ${long} }\nconst g = () => ${long};`;
    expect(findings(text).map(({ line, what }) => [line, what.split(' ')[0]])).toEqual([
      [2, 'f()'],
      [74, 'm()'],
      [146, 'g()'],
    ]);
  });

  it('does not count SQL in a template literal', () => {
    expect(findings(`function up() {\n  run(\`\n${lines(200)}\n\`);\n}`)).toEqual([]);
  });

  it('takes describe in a spec for a chapter, but not elsewhere', () => {
    const text = `describe('x', () => {\n${lines(90)}\n});`;
    expect(findings(text, 'a.spec.ts')).toEqual([]);
    expect(findings(text, 'a.ts')).toHaveLength(1);
  });
});
