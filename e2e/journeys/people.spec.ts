import { audit } from '../fixtures/a11y';
import { account, base } from '../fixtures/demo';
import { linkTo } from '../fixtures/letters';
import { expect, signIn, test } from '../fixtures/tenants';

const email = 'new.head@octavo.example';
const password = 'meadow lantern quartz otter';

test('a school head invites a colleague, who joins, sees the school, and is removed again', async ({
  page,
  browser,
  signedIn,
}) => {
  // Five pages are audited, each in light and in dark.
  test.slow();
  await signedIn('school_admin', '/people');
  await expect(page.getByRole('table', { name: 'Members' })).toContainText(account('school_admin').email);
  await audit(page, 'people');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
  await dialog.getByLabel('E-mail').fill(email);
  await audit(page, 'people-invite');
  await dialog.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(page.getByRole('table', { name: 'Invitations' })).toContainText(email);

  // A link that was sent again makes the first one worthless.
  const first = await linkTo(email, 'invitation');
  await page.getByRole('button', { name: `Send again to ${email}` }).click();
  const second = await linkTo(email, 'invitation', 2);
  const context = await browser.newContext({ baseURL: base });
  const colleague = await context.newPage();
  await colleague.goto(first);
  await expect(colleague.getByText('This link no longer works')).toBeVisible();
  await colleague.goto('about:blank');
  await colleague.goto(second);
  await expect(colleague.getByRole('heading', { level: 1, name: /^Invitation to / })).toBeVisible();
  await audit(colleague, 'invitation');
  await colleague.getByLabel('Your name').fill('New Head');
  await colleague.getByLabel('New password').fill('123456789012');
  await colleague.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(colleague.getByRole('alert')).toContainText('Choose another password');
  await colleague.getByLabel('New password').fill(password);
  await colleague.getByRole('button', { name: 'Accept the invitation' }).click();
  await colleague.getByRole('link', { name: 'To the sign-in page' }).click();
  await signIn(colleague, email, password);
  await expect(colleague.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  expect(new URL(colleague.url()).pathname.split('/')[2]).toBe(new URL(page.url()).pathname.split('/')[2]);

  await page.reload();
  await page.getByRole('searchbox', { name: 'Search people' }).fill('new head');
  await expect(page).toHaveURL(/q=new\+head/);
  await page.getByRole('button', { name: 'Actions for New Head' }).click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  await page.getByLabel('Last day').fill('2099-12-31');
  await audit(page, 'people-change');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('table', { name: 'Members' })).toContainText('31 Dec 2099');
  await page.getByRole('button', { name: 'Actions for New Head' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the organisation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove from the organisation' }).click();
  await expect(page.getByText('Nothing matches “new head”')).toBeVisible();

  // What was open is closed at once.
  await expect(() => colleague.reload()).toPass();
  await expect(colleague.getByRole('heading', { level: 1, name: 'Overview' })).toBeHidden();
  await context.close();
});

test('the owner finds an organisation in the tree and its people', async ({ page, signedIn }) => {
  await signedIn('owner', '/organisations');
  await expect(page.getByRole('table', { name: 'Organisations' })).toBeVisible();
  await audit(page, 'organisations');
  const { organisation } = account('school_admin');
  await page.getByRole('searchbox', { name: 'Search organisations' }).fill(organisation);
  await page.getByRole('table').getByRole('link', { name: organisation, exact: true }).click();
  await expect(page.getByText(`Who belongs to ${organisation}`)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Members' })).toContainText(account('school_admin').email);
});

test('people fit on a small screen', async ({ page, signedIn }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signedIn('school_admin', '/people');
  await expect(page.getByRole('table', { name: 'Members' })).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await audit(page, 'people-small');
});
