import { audit } from '../fixtures/a11y';
import { base } from '../fixtures/demo';
import { expect, test } from '../fixtures/tenants';

const question = 'metrics=views&from=2026-09-01&to=2026-10-31';

test('a publisher makes a key, a script uses it, it is rotated and revoked', async ({ page, request, signedIn }) => {
  test.slow();
  const statusOf = async (secret: string, path: string) => {
    const headers = { authorization: `Bearer ${secret}` };
    return (await request.get(`${base}/api/v1/${path}`, { headers })).status();
  };
  const secretOn = () => page.getByRole('group', { name: 'Secret of the key' });

  await signedIn('publisher', '/keys');
  await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();
  await audit(page, 'keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a key' });
  await dialog.getByLabel('Name').fill('Nightly report');
  await audit(page, 'keys-make');
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  const first = (await secretOn().textContent()) ?? '';
  expect(first).toMatch(/^oct_/);
  await audit(page, 'keys-made');
  expect(await statusOf(first, `query?${question}`)).toBe(200);
  // It may read usage and nothing else.
  expect(await statusOf(first, 'statements')).toBe(403);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText(first)).toBeHidden();

  await page.getByRole('button', { name: 'Rotate Nightly report' }).click();
  await page.getByLabel('The old one works on for').selectOption({ label: '24 hours' });
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  const second = (await secretOn().textContent()) ?? '';
  expect(second).not.toBe(first);
  expect(await statusOf(first, `query?${question}`)).toBe(200);
  expect(await statusOf(second, `query?${question}`)).toBe(200);
  await page.getByRole('button', { name: 'I have kept it' }).click();

  const replaced = page.getByRole('row', { name: /Replaced, still works/ });
  await replaced.getByRole('button', { name: 'Revoke Nightly report' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.getByRole('row', { name: /Nightly report.*Revoked/ })).toBeVisible();
  await expect.poll(() => statusOf(first, `query?${question}`)).toBe(401);
  expect(await statusOf(second, `query?${question}`)).toBe(200);
});

test('a key for a network that is none is refused in words', async ({ page, signedIn }) => {
  await signedIn('publisher', '/keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a key' });
  await dialog.getByLabel('Name').fill('Nowhere');
  await dialog.getByLabel('Networks').fill('the office');
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is no network');
});
