import { audit } from '../fixtures/a11y';
import { expect, test } from '../fixtures/tenants';

test('an official downloads a file that can be published', async ({ page, signedIn }) => {
  await signedIn('official');
  await expect(page.getByRole('heading', { level: 1, name: 'Official statistics' })).toBeVisible();
  await expect(page.getByText('hidden to protect pupils').first()).toBeVisible();
  await audit(page, 'official-overview');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: /^Download CSV/ }).click();
  const download = await waiting;
  const stream = await download.createReadStream();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  const lines = text.trim().split('\n');
  const columns = (lines[0] ?? '').split(',');
  expect(columns.slice(0, 3)).toEqual(['month', 'region', 'region_name']);
  const persons = columns.map((name, i) => (['active', 'pupils_active', 'teachers_active', 'readers'].includes(name) ? i : -1));
  const rows = lines.slice(1).filter((line) => !line.startsWith('#'));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    // No name in the demo holds a comma in quotes here, so columns can be counted from the end.
    const cells = row.split(',').slice(-(columns.length - 5));
    for (const i of persons.filter((at) => at >= 0)) {
      const value = cells[i - 5] ?? '';
      expect(value === 'c' || value === '0' || Number(value) >= 10, row).toBe(true);
    }
  }
  expect(rows.some((row) => row.includes(',c'))).toBe(true);
  expect(lines.at(-1)).toMatch(/^# .*hidden/);
});
