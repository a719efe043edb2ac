import { findAll, isSpec, isTypeScript, type Rule, type SourceFile } from '../finding';

const IMPORT =
  /^(?:import|export)\b(?!\s+type\b)[^;'"]*?\bfrom\s+['"]([^'".][^'"]*)['"]|^import\s+['"]([^'".][^'"]*)['"]/gm;
/** What the image runs. Harnesses and fixtures lie beside it and are loaded by specs only. */
const RUNS = /^(?:apps\/[^/]+|libs\/(?:kernel|contracts|platform))\/src\//;
const FOR_SPECS = /\.(?:harness|fixture|child)\.ts$|\/testing\//;

/** The image leaves development dependencies out, so what a service imports must be listed among the others. */
export const runtimeLibraries: Rule = (files) => {
  const manifest = files.find(({ path }) => path === 'package.json');
  if (!manifest) return [];
  const { dependencies = {} } = JSON.parse(manifest.text) as { dependencies?: Record<string, string> };
  return files.filter(runsInTheImage).flatMap((file) =>
    findAll(file, IMPORT, ([, from, bare]) => ({
      rule: 'runtime-library',
      what: `${packageOf(from ?? bare ?? '')} is imported here and is not in the root package.json's dependencies`,
      mend: 'list it there, not among devDependencies',
    })).filter(({ what }) => !isPresent(what.split(' ')[0] ?? '', dependencies)),
  );
};

function runsInTheImage(file: SourceFile): boolean {
  return isTypeScript(file) && !isSpec(file) && RUNS.test(file.path) && !FOR_SPECS.test(file.path);
}

const isPresent = (name: string, dependencies: Record<string, string>): boolean =>
  name.startsWith('node:') || name.startsWith('@doorstep/') || name in dependencies;

/** `@nestjs/common/decorators` → `@nestjs/common` */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
