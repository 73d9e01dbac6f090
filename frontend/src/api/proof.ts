/** Asks the person who one is once more; false when they would rather not say. */
type Prover = () => Promise<boolean>;

let prover: Prover | undefined;
let asking: Promise<boolean> | undefined;

/** Names who asks; the answer takes it back. */
export function proveWith(next: Prover): () => void {
  prover = next;
  return () => {
    if (prover === next) prover = undefined;
  };
}

/** Two refusals at once are answered by one proof. */
function proveAgain(): Promise<boolean> {
  asking ??= (prover?.() ?? Promise.resolve(false)).finally(() => (asking = undefined));
  return asking;
}

async function wantsProof(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return (body as { code?: string } | null)?.code === 'prove_again';
}

/**
 * Sends a request, and once more when the server wanted proof of who is asking and got it: whoever sent it just waits a
 * little longer.
 */
export async function sendProven(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await globalThis.fetch(request);
  if (!(await wantsProof(response))) return response;
  return (await proveAgain()) ? globalThis.fetch(again) : response;
}
