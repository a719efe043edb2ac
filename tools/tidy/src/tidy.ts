import type { Finding, Rule, SourceFile } from './finding';
import { eventSchemas } from './rules/event-schemas';
import { leftoverMarks, machinePaths, reasonedExceptions } from './rules/leftovers';
import { purity } from './rules/purity';
import { schemaNames } from './rules/schema-names';
import { runtimeLibraries } from './rules/runtime-libraries';
import { fileLength, functionLength } from './rules/sizes';
import { everyTestRuns, specPlacement } from './rules/specs';
import { tenantTables } from './rules/tenant-tables';

/** The house rules that no linter knows. */
export const RULES: readonly Rule[] = [
  fileLength,
  functionLength,
  tenantTables,
  eventSchemas,
  schemaNames,
  specPlacement,
  everyTestRuns,
  purity,
  runtimeLibraries,
  leftoverMarks,
  machinePaths,
  reasonedExceptions,
];

/** Every broken rule, in the order of the files. */
export function tidy(files: readonly SourceFile[]): Finding[] {
  return RULES.flatMap((rule) => rule(files)).sort(
    (a, b) => a.path.localeCompare(b.path) || a.line - b.line || a.rule.localeCompare(b.rule),
  );
}
