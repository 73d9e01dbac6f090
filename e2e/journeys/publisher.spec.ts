import { audit } from '../fixtures/a11y';
import { account, base } from '../fixtures/demo';
import { expect, test } from '../fixtures/tenants';

const range = 'from=2026-09-01&to=2026-10-31';

test('a publisher sees its reach and its titles', async ({ page, signedIn, ask }) => {
  await signedIn('publisher', `/?${range}`);
  const { totals } = await ask('publisher', `metrics=readers,views,schools&${range}`);
  const shown = (n: number | undefined) => new Intl.NumberFormat('en').format(n ?? NaN);
  await expect(page.getByRole('button', { name: /^Readers/ })).toContainText(shown(totals.readers));
  await expect(page.getByRole('button', { name: /^Active schools/ })).toContainText(shown(totals.schools));
  await audit(page, 'publisher-overview');
});

test('a statement on the screen is the one its script pulls', async ({ page, request, signedIn }) => {
  const headers = { authorization: `Bearer ${account('publisher').api_key}` };
  const list = (await (await request.get(`${base}/api/v1/statements`, { headers })).json()) as {
    items: { id: string; amount: string; publisher: string }[];
  };
  expect(list.items.length).toBeGreaterThan(0);
  expect(new Set(list.items.map((each) => each.publisher)).size).toBe(1);
  const [newest] = list.items;

  await signedIn('publisher', '/statements');
  await expect(page.getByRole('heading', { level: 1, name: 'Statements' })).toBeVisible();
  await audit(page, 'publisher-statements');
  await page.goto(`/statements/${newest?.id}`);
  const amount = new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(Number(newest?.amount));
  await expect(page.getByText(amount).first()).toBeVisible();
  await audit(page, 'publisher-statement');
  const csv = await (await request.get(`${base}/api/v1/statements/${newest?.id}?format=csv`, { headers })).text();
  const cents = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',').at(-1)?.replace('.', '')));
  expect(cents.reduce((a, b) => a + b, 0)).toBe(Number(newest?.amount.replace('.', '')));
});
