import { audit } from '../fixtures/a11y';
import { account, base } from '../fixtures/demo';
import { expect, test } from '../fixtures/tenants';

test('the owner enters a pool, and a script of the publisher finds its statement', async ({ page, request, signedIn }) => {
  const headers = { authorization: `Bearer ${account('publisher').api_key}` };
  const statements = async () => {
    const response = await request.get(`${base}/api/v1/statements?site=ee`, { headers });
    return ((await response.json()) as { items: { month: string; pool: string }[] }).items;
  };
  const before = (await statements()).map((each) => each.month);

  await signedIn('owner', '/pools');
  const months = page.getByLabel('Month', { exact: true });
  const options = await months.locator('option').evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  // Months of the summer have few events; any that is not stated yet and has some will do.
  const month = options.find((each) => !before.includes(each) && /-(05|04|03)$/.test(each)) ?? '';
  await months.selectOption(month);
  await page.getByLabel(/^Net amount/).fill('1000.01');
  await page.getByRole('button', { name: 'Enter pool' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await audit(page, 'owner-pool-confirm');
  await page.getByRole('button', { name: 'Write statements' }).click();
  await expect(page.getByText('Pool entered')).toBeVisible();

  const after = await statements();
  expect(after.find((each) => each.month === month)?.pool).toBe('1000.01');

  // The same month again is refused in words.
  await months.selectOption(month);
  await page.getByLabel(/^Net amount/).fill('5');
  await page.getByRole('button', { name: 'Enter pool' }).click();
  await page.getByRole('button', { name: 'Write statements' }).click();
  await expect(page.getByRole('region', { name: 'Enter a pool' }).getByRole('alert')).toContainText('never changes');
});
