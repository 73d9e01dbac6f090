import { audit } from '../fixtures/a11y';
import { account } from '../fixtures/demo';
import { expect, signIn, test } from '../fixtures/tenants';

test('a wrong password is refused in words, and the right one leads to where one wanted to go', async ({ page }) => {
  await page.goto('/books');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await audit(page, 'sign-in');
  const { email, password } = account('school_admin');
  await signIn(page, email, 'not the password');
  await expect(page.getByText('The e-mail or the password is wrong.')).toBeVisible();
  await signIn(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Books' })).toBeVisible();
});

test('the keyboard alone signs in and out', async ({ page }) => {
  await page.goto('/');
  const { email, password } = account('school_admin');
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});
