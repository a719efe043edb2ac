/** What decides how many a session of an offering can take. */
export interface OfferingCapacity {
  capacityModel: 'seats' | 'exclusive' | 'places' | 'caregiver';
  capacity: number;
  staffRatio: number | null;
  staffCount: number | null;
}

/** Units of one session: seats, places within the staff ratio, one use of a space, visits at the same time. */
export function unitsOfOffering({
  capacityModel,
  capacity,
  staffRatio,
  staffCount,
}: OfferingCapacity): number {
  if (capacityModel === 'exclusive') return 1;
  if (capacityModel !== 'places' || staffRatio === null || staffCount === null) return capacity;
  return Math.min(capacity, staffRatio * staffCount);
}
