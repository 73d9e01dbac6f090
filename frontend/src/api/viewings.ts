import { accepted, client } from './client';

interface Wanted {
  email: string;
  organisation: string;
  reason: string;
  minutes: number;
}

/** From now on the organisation's pages are those that this person sees, and nothing can be changed there. */
export async function startViewing(wanted: Wanted): Promise<string> {
  return (await accepted(client.POST('/api/v1/viewings', { body: wanted }))).organisation;
}

export async function endViewings(): Promise<void> {
  await accepted(client.DELETE('/api/v1/viewings'));
}
