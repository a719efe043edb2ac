import { runtimeLibraries } from './runtime-libraries';

const manifest = {
  path: 'package.json',
  text: JSON.stringify({ dependencies: { pg: '8', '@nestjs/common': '12' }, devDependencies: { yaml: '2' } }),
};
const judge = (path: string, text: string) => runtimeLibraries([manifest, { path, text }]);

describe('runtimeLibraries', () => {
  it('finds a library that the image would lack', () => {
    const [finding] = judge('apps/x/src/a.service.ts', "// top\nimport { parse } from 'yaml';");
    expect(finding).toMatchObject({ line: 2, rule: 'runtime-library' });
    expect(finding?.what).toMatch(/^yaml /);
  });

  it.each([
    "import { Pool } from 'pg';",
    "import { Get } from '@nestjs/common/decorators';",
    "import { join } from 'node:path';",
    "import { newId } from '@doorstep/kernel';",
    "import { b } from './b';",
    "import type { Node } from 'yaml';",
  ])('is content with %s', (text) => {
    expect(judge('apps/x/src/a.service.ts', text)).toEqual([]);
  });

  it.each(['apps/x/src/a.spec.ts', 'apps/x/src/x.harness.ts', 'tools/x/src/a.ts', 'libs/testing/src/a.ts'])(
    'asks nothing of %s',
    (path) => {
      expect(judge(path, "import { parse } from 'yaml';")).toEqual([]);
    },
  );
});
