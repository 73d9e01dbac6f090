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
  await expect(page).toHaveURL(/\/o\/[^/]+\/books$/);
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
  await page.getByRole('button', { name: /^Account of / }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('an organisation that is not one’s own is said to be none', async ({ page, signedIn }) => {
  await signedIn('school_admin');
  const own = new URL(page.url()).pathname;
  await page.goto('/o/no-such-organisation/books');
  await expect(page.getByRole('heading', { level: 1, name: 'Not your organisation' })).toBeVisible();
  await audit(page, 'not-your-organisation');
  await page.getByRole('link', { name: /^Open / }).click();
  await expect(page).toHaveURL(own);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});
