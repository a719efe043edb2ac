import { DomainError } from '@doorstep/kernel';

/** A room, a court, a kitchen … and where it stands in the tree of a site's spaces. */
export interface PlacedSpace {
  id: string;
  parentId: string | null;
  active: boolean;
}

/** A hall, its halves, their courts and a corner of one: deeper than any building. */
const DEPTH_MAX = 5;
export const SPACES_PER_SITE_MAX = 500;

/**
 * The spaces that one can't be used beside: itself, those it is part of, and its own parts. Two courts of one hall don't
 * block each other, but each blocks the hall.
 */
export function blockedBy(spaces: readonly PlacedSpace[], id: string): string[] {
  return [...ancestorsOf(spaces, id), id, ...partsOf(spaces, id)].sort();
}

/** Whatever lies in a space, and in that again, without the space itself. */
export function partsOf(spaces: readonly PlacedSpace[], id: string): string[] {
  const below: string[] = [id];
  for (const part of below) {
    for (const space of spaces)
      if (space.parentId === part && !below.includes(space.id)) below.push(space.id);
  }
  return below.slice(1);
}

/** Every space of the tree that one belongs to. */
export function treeOf(spaces: readonly PlacedSpace[], id: string): string[] {
  const [root] = ancestorsOf(spaces, id);
  return blockedBy(spaces, root ?? id);
}

/** Refuses a parent that is absent, closed, too deep, or part of the space itself. */
export function checkParent(spaces: readonly PlacedSpace[], parentId: string, id?: string): void {
  const parent = spaces.find((space) => space.id === parentId);
  if (!parent?.active)
    throw refusal('space_parent_unknown', 'is no space of this site', 'GET the spaces of the site.');
  const above = ancestorsOf(spaces, parentId);
  if (id !== undefined && (parentId === id || above.includes(id))) {
    throw refusal('space_in_itself', 'is part of this space', 'Choose a parent outside of it.');
  }
  const height = id === undefined ? 1 : heightOf(spaces, id);
  if (above.length + 1 + height > DEPTH_MAX) {
    throw refusal('space_too_deep', `lies too deep`, `Spaces nest at most ${DEPTH_MAX} deep.`);
  }
}

/** From the root down, without the space itself. */
function ancestorsOf(spaces: readonly PlacedSpace[], id: string): string[] {
  const above: string[] = [];
  let parentId = spaces.find((space) => space.id === id)?.parentId ?? null;
  while (parentId !== null && !above.includes(parentId)) {
    above.unshift(parentId);
    const current = parentId;
    parentId = spaces.find((space) => space.id === current)?.parentId ?? null;
  }
  return above;
}

/** Levels of a space and its parts. */
function heightOf(spaces: readonly PlacedSpace[], id: string): number {
  const parts = spaces.filter((space) => space.parentId === id);
  return 1 + Math.max(0, ...parts.map((part) => heightOf(spaces, part.id)));
}

function refusal(code: string, reason: string, mend: string): DomainError {
  return new DomainError('invalid', code, `The parent ${reason}.`, { field: 'parentId', mend });
}
