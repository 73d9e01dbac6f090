/** A kept record as it is read best: JSON with a line for each field, anything else as it stands. */
export function written(record: string): string {
  try {
    return JSON.stringify(JSON.parse(record), null, 2);
  } catch {
    return record;
  }
}
