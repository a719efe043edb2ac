import { findAll, type Finding, type Rule, type SourceFile } from '../finding';

/**
 * A class of a body or an answer is a schema of its service's API document under its bare name: of two that bear one name the
 * document shows the later for both, and nothing else says so.
 */
export const schemaNames: Rule = (files) => {
  const first = new Map<string, SourceFile>();
  return files
    .filter(({ path }) => /^apps\/[^/]+\/src\/.*\.dto\.ts$/.test(path))
    .flatMap((file): Finding[] =>
      findAll(file, /^(?:export )?(?:abstract )?class (\w+)/gm, ([, name]) => {
        const key = `${file.path.split('/')[1]} ${String(name)}`;
        const other = first.get(key);
        first.set(key, other ?? file);
        return {
          rule: 'schema-name',
          what: other ? `${String(name)} is the name of a schema in ${other.path} too` : '',
          mend: 'name it by what it describes: the two would be one in the API document',
        };
      }).filter(({ what }) => what !== ''),
    );
};
