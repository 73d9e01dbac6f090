import { audit } from '../fixtures/a11y';
import { account } from '../fixtures/demo';
import { expect, signIn, test } from '../fixtures/tenants';

test('a school head reads what was done in the school, and hands a finding on by its address', async ({
  page,
  signedIn,
}) => {
  const { email } = account('school_admin');
  await page.goto('/');
  await signIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toBeVisible();
  await signedIn('school_admin', '/audit');
  const entries = page.getByRole('table', { name: 'Entries' });
  await expect(entries).toContainText('Signed in');
  await audit(page, 'audit');

  await page.getByLabel('What').selectOption({ label: 'Sign-in refused' });
  await expect(page).toHaveURL(/action=sign_in_refused/);
  await expect(entries.getByRole('row').nth(1)).toContainText('Refused');
  await page
    .getByRole('button', { name: /^Details of Sign-in refused/ })
    .first()
    .click();
  const sheet = page.getByRole('dialog', { name: 'Sign-in refused' });
  await expect(sheet).toContainText(email);
  await audit(page, 'audit-entry');
  const address = page.url();
  await page.reload();
  await expect(sheet).toBeVisible();
  expect(page.url()).toBe(address);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  const href = await page.getByRole('link', { name: 'CSV: Audit' }).getAttribute('href');
  const file = await page.evaluate(async (url) => (await fetch(url)).text(), href ?? '');
  const [header = '', ...lines] = file.trim().split('\n');
  expect(header).toContain('action');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines.filter((each) => !each.startsWith('#'))) expect(line).toContain('sign_in_refused');
});

test('nobody reads what was done in another organisation', async ({ page, signedIn }) => {
  await signedIn('publisher', '/audit');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search' }).fill(account('school_admin').email);
  await expect(page.getByText('No entry matches')).toBeVisible();
});

test('the owner reads all of it, and chooses an organisation', async ({ page, signedIn }) => {
  await signedIn('owner', '/audit');
  await expect(page.getByRole('table', { name: 'Entries' })).toBeVisible();
  const filter = page.getByRole('region', { name: 'Filter' });
  await filter.getByLabel('Organisation').selectOption({ label: account('school_admin').organisation });
  await expect(page).toHaveURL(/organisation=/);
  await expect(page.getByRole('table', { name: 'Entries' })).toContainText(account('school_admin').organisation);
});
