import { audit } from '../fixtures/a11y';
import { account } from '../fixtures/demo';
import { asked, cardsSay } from '../fixtures/numbers';
import { expect, test } from '../fixtures/tenants';

const range = { from: '2026-09-01', to: '2026-10-31' };

test('the owner looks as a school head does, changes nothing, and leaves a record of it', async ({
  page,
  signedIn,
}) => {
  test.slow();
  const { email, organisation } = account('school_admin');
  await signedIn('owner', `/organisations?q=${encodeURIComponent(organisation)}`);
  await page.getByRole('table').getByRole('link', { name: organisation, exact: true }).click();
  await page
    .getByRole('row', { name: new RegExp(email) })
    .getByRole('button', { name: /^Actions for / })
    .click();
  await page.getByRole('menuitem', { name: 'View as this person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Request 4711: a list stays empty');
  await dialog.getByLabel('For how long').selectOption({ label: '5 minutes' });
  await audit(page, 'view-as');
  await dialog.getByRole('button', { name: 'Begin viewing' }).click();

  const banner = page.getByRole('region', { name: 'Viewing as somebody else' });
  await expect(banner).toContainText(email);
  await expect(banner).toContainText(account('owner').email);
  await expect(banner).toContainText('Request 4711');
  const place = new URL(page.url()).pathname;
  await page.goto(`${place}?from=${range.from}&to=${range.to}`);
  const metrics = ['pupils_active', 'views'];
  const { totals } = await asked(page, { ...range, metrics, compare: 'previous_period' });
  await cardsSay(page, metrics, totals);
  await audit(page, 'viewing');

  // Nothing can be changed, by the pages or past them.
  await page.goto(`${place}people`);
  await expect(page.getByRole('table', { name: 'Members' })).toContainText(email);
  await expect(page.getByRole('button', { name: 'Invite somebody' })).toBeHidden();
  const status = await page.evaluate(
    async (path) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ email: 'x@octavo.example', role: 'school_admin' });
      return (await fetch(path, { method: 'POST', headers, body })).status;
    },
    `${place}api/v1/organisations/${place.split('/')[2]}/invitations`,
  );
  expect(status).toBe(403);

  await banner.getByRole('button', { name: 'End' }).click();
  await expect(banner).toBeHidden();
  // Ending loads the page anew, which may be under way, or still to come.
  await expect(async () => {
    await page.goto('/audit?action=view_as_started');
    await expect(page.getByRole('table', { name: 'Entries' })).toContainText(email, { timeout: 5_000 });
  }).toPass();
});

test('a school head learns why a number can be seen', async ({ page, signedIn }) => {
  await signedIn('school_admin', `/?from=${range.from}&to=${range.to}`);
  await page.getByRole('button', { name: 'How was this counted? Views' }).click();
  await page.getByRole('link', { name: 'Why can I see this?' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Data access' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Person and rows' })).toContainText('1 school');
  await expect(page.getByRole('region', { name: 'One number' })).toContainText('Pages opened in a book.');
  await expect(page.getByRole('table', { name: 'Sources' })).toBeVisible();
  await audit(page, 'access');
});
