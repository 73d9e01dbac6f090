import { base } from '../fixtures/demo';
import { expect, kept, octavo, show, test, tracked } from '../fixtures/book';

const collector = `${base}/collect/v1/events`;
const minute = 60_000;

test('pages are counted with the time they were read, and no longer', async ({ page, book, sent, arrived }) => {
  test.slow();
  await page.clock.install({ time: Date.now() - 20 * minute });
  await tracked(page, book.chapter('c01'));
  await page.clock.runFor(30_000);
  await page.mouse.move(40, 40);
  // Away: not read. Back, and then nobody touches it for long: a minute is.
  await show(page, false);
  await page.clock.runFor(3 * minute);
  await show(page, true);
  await page.clock.runFor(5 * minute);
  await page.evaluate(() => history.pushState(null, '', '/two'));
  await octavo(page, 'page', { book: book.id, chapter: 'c02' });
  await page.clock.runFor(20_000);
  await page.evaluate(() => history.pushState(null, '', '/three'));
  await page.clock.runFor(5_000);

  await expect.poll(() => arrived('views')).toBe(2);
  const views = sent.flat().filter((event) => event.kind === 'page_view');
  const [one] = views.filter((view) => view.chapter === 'c01');
  const [two] = views.filter((view) => view.chapter === 'c02');
  expect(one!.duration_ms).toBeGreaterThanOrEqual(90_000);
  expect(one!.duration_ms).toBeLessThan(95_000);
  expect(two!.duration_ms).toBeGreaterThanOrEqual(20_000);
  expect(two!.duration_ms).toBeLessThan(25_000);
  expect(two!.session).toBe(one!.session);
  expect(one!.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  expect(one!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await arrived('minutes')).toBeCloseTo((one!.duration_ms! + two!.duration_ms!) / minute, 1);
});

test('what elements say is sent: a click with its place, impressions, a search, an exercise', async ({
  page,
  book,
  sent,
  arrived,
}) => {
  await tracked(page, book.chapter('c01'));
  await expect.poll(() => kept(page).then((names) => names.filter((name) => name.includes('.e.')).length)).toBe(1);
  await page.getByRole('link', { name: 'More' }).click();
  await page.getByLabel('Words').fill('photosynthesis');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('button', { name: 'Hand in' }).click();
  await octavo(page, 'flush');
  await expect.poll(() => arrived('events')).toBe(4);

  const events = sent.flat();
  const click = events.find((event) => event.kind === 'click');
  expect(click).toMatchObject({ placement: 'more', campaign: 'autumn', variant: 'b', book: book.id, chapter: 'c01' });
  expect(click!.y).toBeGreaterThan(0);
  expect(click!.y).toBeLessThan(0.1);
  expect(events.filter((event) => event.kind === 'impression')).toMatchObject([{ placement: 'banner' }]);
  expect(events.find((event) => event.kind === 'search')).toMatchObject({ query: 'photosynthesis' });
  expect(events.find((event) => event.kind === 'exercise')).toMatchObject({ props: { item: 'E7' } });
});

test('what happens offline in two tabs arrives once', async ({ page, context, book, arrived }) => {
  const other = await context.newPage();
  await tracked(page, book.chapter('c01'));
  await tracked(other, book.chapter('c02'));
  await context.setOffline(true);
  for (let at = 0; at < 5; at += 1) {
    await octavo(page, 'event', 'exercise', { props: { item: `a${at}` } });
    await octavo(other, 'event', 'exercise', { props: { item: `b${at}` } });
  }
  await octavo(page, 'flush');
  await context.setOffline(false);
  await expect.poll(() => arrived('exercises'), { timeout: 40_000 }).toBe(10);
  await expect.poll(() => kept(page).then((names) => names.filter((name) => name.includes('.e.')))).toEqual([]);
});

test('a page loaded anew while the collector is away loses nothing', async ({ page, book, arrived }) => {
  await page.route(collector, (route) => route.abort('internetdisconnected'));
  // A browser may promise to send what a closing page hands it, and lose it.
  await page.addInitScript(() => {
    navigator.sendBeacon = () => true;
  });
  await tracked(page, book.chapter('c01'));
  for (let at = 0; at < 3; at += 1) await octavo(page, 'event', 'exercise');
  await octavo(page, 'flush');
  await page.reload();
  await octavo(page, 'event', 'exercise');
  expect(await arrived('exercises')).toBe(0);
  await page.unroute(collector);
  await expect.poll(() => arrived('exercises'), { timeout: 40_000 }).toBe(4);
  // The view that the reload ended.
  await expect.poll(() => arrived('views')).toBe(1);
});

test('a collector that is busy is left alone for as long as it asks, and then gets the same events', async ({
  page,
  book,
  sent,
  arrived,
}) => {
  const refused: number[] = [];
  await page.route(collector, async (route) => {
    if (refused.push(Date.now()) > 1) return route.continue();
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After',
      'retry-after': '4',
    };
    await route.fulfill({ status: 503, headers });
  });
  await tracked(page, book.chapter('c01'));
  await octavo(page, 'event', 'exercise');
  await octavo(page, 'flush');
  await expect.poll(() => refused.length).toBe(1);
  await octavo(page, 'flush');
  await expect.poll(() => arrived('exercises'), { timeout: 40_000 }).toBe(1);
  expect(refused[1]! - refused[0]!).toBeGreaterThanOrEqual(4_000);
  const ids = sent.flat().filter((event) => event.kind === 'exercise');
  expect(ids[1]!.id).toBe(ids[0]!.id);
});

test('a page that is closed, and one that crashed, still count', async ({ page, context, book, arrived }) => {
  await tracked(page, book.chapter('c01'));
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => arrived('views')).toBe(1);

  const crashed = await context.newPage();
  await tracked(crashed, book.chapter('c02'));
  await expect.poll(() => kept(crashed).then((names) => names.some((name) => name.includes('.d.')))).toBe(true);
  await crashed.goto('chrome://crash').catch(() => undefined);
  await crashed.close();
  const next = await context.newPage();
  await next.clock.install({ time: Date.now() + 2 * minute });
  await tracked(next, book.chapter('c03'));
  await expect.poll(() => arrived('views')).toBe(2);
});

for (const signal of ['doNotTrack', 'globalPrivacyControl']) {
  test(`${signal} is heeded: nothing is sent or kept`, async ({ page, book, sent }) => {
    await page.addInitScript((signal) => {
      Object.defineProperty(navigator, signal, { get: () => (signal === 'doNotTrack' ? '1' : true) });
      localStorage.setItem('octavo.e.old', '{}');
    }, signal);
    await tracked(page, book.chapter('c01'));
    await octavo(page, 'consent', true);
    await octavo(page, 'event', 'exercise');
    await octavo(page, 'flush');
    await page.waitForTimeout(4_000);
    expect(await kept(page)).toEqual([]);
    expect(sent).toEqual([]);
  });
}

test('where consent is required nothing is noted before it, and a withdrawal empties the queue', async ({
  page,
  book,
  sent,
  arrived,
}) => {
  await tracked(page, book.chapter('c01', 'data-consent="required"'));
  await octavo(page, 'event', 'exercise');
  await octavo(page, 'flush');
  await page.waitForTimeout(4_000);
  expect(await kept(page)).toEqual([]);
  expect(sent).toEqual([]);

  await octavo(page, 'consent', true);
  await octavo(page, 'event', 'exercise');
  await octavo(page, 'flush');
  await expect.poll(() => arrived('exercises')).toBe(1);
  expect(sent.flat()[0]).toMatchObject({ kind: 'exercise', consent: 'analytics' });

  await octavo(page, 'event', 'exercise');
  await octavo(page, 'consent', false);
  expect(await kept(page)).toEqual(['octavo.no']);
  await page.goto('about:blank');
  await page.waitForTimeout(1_000);
  expect(await arrived('events')).toBe(1);
});

test('a browser that keeps nothing still sends', async ({ page, book, arrived }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await tracked(page, book.chapter('c01'));
  await octavo(page, 'event', 'exercise');
  await octavo(page, 'flush');
  await expect.poll(() => arrived('exercises')).toBe(1);
});
