import type { DomainError } from '@doorstep/kernel';

/**
 * Runs work whose last line of defence is a constraint of the database, and turns the breach of a named one into a
 * refusal in words. Wrap it around the transaction, not inside: after a breach nothing more can be done in that one.
 */
export async function refusing<T>(
  work: () => Promise<T>,
  refusals: Record<string, () => DomainError>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusals[constraintOf(error) ?? ''];
    throw refusal ? refusal() : error;
  }
}

function constraintOf(error: unknown): string | undefined {
  const { constraint, driverError } = (error ?? {}) as {
    constraint?: string;
    driverError?: { constraint?: string };
  };
  return constraint ?? driverError?.constraint;
}
