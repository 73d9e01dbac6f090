import { audit } from '../fixtures/a11y';
import { base } from '../fixtures/demo';
import { linkTo } from '../fixtures/letters';
import { newcomer } from '../fixtures/newcomers';
import { expect, signIn, signOut, test } from '../fixtures/tenants';
import { nextTotp, totp } from '../fixtures/totp';

test('a second factor is set up, asked for, and replaced by a recovery code', async ({ page, signedIn }) => {
  // Each code of an app works once, so the journey waits for the next.
  test.slow();
  await signedIn('school_admin');
  const { email, password } = await newcomer(page, 'school_admin');
  await signOut(page);
  await signIn(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByRole('table', { name: 'Signed in' })).toContainText('This one');
  await audit(page, 'account');

  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  await audit(page, 'account-two-factor');
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()) ?? '';
  await page.getByLabel('Code', { exact: true }).fill(totp(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const list = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(list).toHaveCount(10);
  const codes = await list.allTextContents();
  await audit(page, 'account-recovery-codes');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByRole('region', { name: 'Second factor' })).toContainText('Turned on');

  await signOut(page);
  await signIn(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Enter the code' })).toBeVisible();
  await audit(page, 'sign-in-code');
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The code is wrong');
  await page.getByLabel('Code', { exact: true }).fill(await nextTotp(secret));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await signOut(page);
  await signIn(page, email, password);
  await page.getByLabel('Code', { exact: true }).fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByRole('region', { name: 'Second factor' })).toContainText('9');
});

test('a forgotten password is set anew by a letter, and every browser is signed out', async ({
  page,
  browser,
  signedIn,
}) => {
  await signedIn('school_admin');
  const { email, password } = await newcomer(page, 'school_admin');
  const context = await browser.newContext({ baseURL: base });
  const other = await context.newPage();
  await other.goto('/');
  await signIn(other, email, password);
  await expect(other.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await signOut(page);

  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await audit(page, 'password-reset');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(/If this address has an account/)).toBeVisible();
  const link = await linkTo(email, 'password-reset');
  await page.goto(link);
  await page.getByLabel('New password').fill('harbour violin thimble crane');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('The new password is set. Sign in with it.')).toBeVisible();
  // It may be on its way there by itself: what is live has ended.
  await expect(() => other.reload()).toPass();
  await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await context.close();

  // The link worked once.
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByLabel('New password').fill('another quiet violin crane');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('This link no longer works')).toBeVisible();
  await page.goto('/sign-in');
  await signIn(page, email, 'harbour violin thimble crane');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('another browser is seen and signed out from this one', async ({ page, browser, signedIn }) => {
  await signedIn('school_admin');
  const { email, password } = await newcomer(page, 'school_admin');
  await signOut(page);
  await signIn(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const context = await browser.newContext({ baseURL: base });
  const other = await context.newPage();
  await other.goto('/');
  await signIn(other, email, password);
  await expect(other.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await page.goto('/account');
  await page.getByRole('table', { name: 'Signed in' }).getByRole('button').first().click();
  await expect(page.getByText('Signed out', { exact: true })).toBeVisible();
  await expect(() => other.reload()).toPass();
  await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await context.close();
});
