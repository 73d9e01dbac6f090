import { randomUUID } from 'node:crypto';
import { audit } from '../fixtures/a11y';
import { base } from '../fixtures/demo';
import { expect, test } from '../fixtures/tenants';

const origin = 'https://book.example';

test('the owner makes a write key for some pages, they send with it, and it ends', async ({
  page,
  request,
  signedIn,
}) => {
  test.slow();
  const name = `Reader ${randomUUID().slice(0, 8)}`;
  const statusOf = async (key: string, from: string) => {
    const headers = { authorization: `Bearer ${key}`, origin: from };
    return (await request.post(`${base}/collect/v1/events`, { headers, data: [] })).status();
  };
  await signedIn('owner', '/write-keys');
  await expect(page.getByRole('heading', { level: 1, name: 'Write keys' })).toBeVisible();
  await audit(page, 'write-keys');
  await page.getByRole('button', { name: 'Make a write key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a write key' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Site').selectOption({ label: 'Eesti' });
  await dialog.getByLabel('Pages of').fill('book.example');
  await dialog.getByRole('button', { name: 'Make a write key' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is no origin of web pages');
  await dialog.getByLabel('Pages of').fill(origin);
  await audit(page, 'write-keys-make');
  await dialog.getByRole('button', { name: 'Make a write key' }).click();

  const snippet = page.getByRole('group', { name: 'For every page' });
  await expect(snippet).toContainText(`src="${base}/octavo.js"`);
  await audit(page, 'write-keys-made');
  const key = /data-key="(ow_[0-9a-f]+)"/.exec((await snippet.textContent()) ?? '')?.[1] ?? '';
  await expect(page.getByRole('group', { name: 'On the command line' })).toContainText(key);
  // Collectors hear of it within seconds.
  await expect.poll(() => statusOf(key, origin)).toBe(202);
  expect(await statusOf(key, 'https://other.example')).toBe(403);

  const row = page.getByRole('row').filter({ hasText: key });
  await expect(row).toContainText('Holds');
  await page.setViewportSize({ width: 320, height: 640 });
  await audit(page, 'write-keys-narrow');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1280, height: 720 });
  await row.getByRole('button', { name: `End ${name}, Eesti` }).click();
  await expect(page.getByRole('dialog')).toContainText('send nothing of Eesti any more');
  await audit(page, 'write-keys-end');
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
  await expect(row).toContainText('Ended');
  await expect(snippet).toBeHidden();
  await expect.poll(() => statusOf(key, origin)).toBe(401);
});
