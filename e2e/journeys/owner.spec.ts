import { audit } from '../fixtures/a11y';
import { eventsim, hasEventsim, octavo } from '../fixtures/demo';
import { expect, signOut, test } from '../fixtures/tenants';

test('the owner sees the whole platform and that nothing was lost', async ({ page, signedIn, ask }) => {
  // Seven pages are audited, each in light and in dark, and painted whole.
  test.setTimeout(360_000);
  await signedIn('owner', '/?from=2026-09-01&to=2026-10-31');
  const { totals } = await ask('owner', 'metrics=views,readers,schools&from=2026-09-01&to=2026-10-31');
  const shown = (n: number | undefined) => new Intl.NumberFormat('en').format(n ?? NaN);
  await expect(page.getByRole('button', { name: /^Views\s*\d/ })).toContainText(shown(totals.views));
  await expect(page.getByRole('button', { name: /^Readers/ })).toContainText(shown(totals.readers));
  await audit(page, 'owner-overview');

  for (const [path, heading] of [
    ['/schools', 'Schools'],
    ['/books', 'Books'],
    ['/publishers', 'Publishers'],
    ['/statements', 'Statements'],
    ['/pools', 'Pools'],
    ['/data', 'Data'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole('table').first()).toBeVisible();
    await audit(page, `owner-${heading.toLowerCase()}`);
  }
});

test('the owner drills to a school and reads its numbers', async ({ page, signedIn }) => {
  await signedIn('owner', '/schools?q=Tallinn');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/schools\/ee/);
  await expect(page.getByRole('button', { name: /^Active pupils/ })).toBeVisible();
  await audit(page, 'owner-school');
});

test('the page moves by itself', async ({ page, signedIn }) => {
  await signedIn('owner', '/data');
  const cells = page.getByRole('table').first();
  const before = await cells.innerText();
  await expect.poll(() => cells.innerText(), { timeout: 40_000 }).not.toBe(before);
});

test('the known numbers of a foreign log are on the screen', async ({ page, signedIn }) => {
  test.skip(!hasEventsim, 'the log is not at hand');
  octavo(['site', 'add', 'music', '--name', 'Music', '--zone', 'America/Los_Angeles', '--currency', 'USD']);
  const load = () => octavo(['load', eventsim, '--site', 'music', '--mapping', 'mappings/eventsim.toml']).trim();
  expect(load()).toBe('received 8056 = loaded 6820 + duplicate 0 + quarantined 0 + skipped 1236');
  expect(load()).toContain('loaded 0');
  await expect(async () => {
    await signedIn('owner', '/?site=music&from=2018-11-01&to=2018-11-30');
  }).toPass();
  await expect(page.getByRole('button', { name: /^Views\s*\d/ })).toContainText('6,820');
  await expect(page.getByRole('button', { name: /^Readers/ })).toContainText('96');
  await expect(page.getByRole('button', { name: /^Active schools/ })).toContainText('63');
  await audit(page, 'owner-music');
  await page.goto('/?site=music&from=2018-11-04&to=2018-11-04');
  await expect(page.getByRole('button', { name: /^Views\s*\d/ })).toContainText('157');
  await expect(page.getByRole('button', { name: /^Readers/ })).toContainText('23');

  const password = 'a password of the test';
  octavo(
    [
      'account',
      'add',
      '--email',
      'coldplay@octavo.example',
      '--role',
      'publisher',
      '--organisation',
      'Coldplay',
      '--password-stdin',
    ],
    password,
  );
  await signOut(page);
  await page.getByLabel('E-mail').fill('coldplay@octavo.example');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /^Account of / })).toBeVisible();
  await page.goto('/?from=2018-11-01&to=2018-11-30');
  await expect(page.getByRole('button', { name: /^Views\s*\d/ })).toContainText('58');
});
