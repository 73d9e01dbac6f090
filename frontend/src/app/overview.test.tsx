import { screen, waitForElementToBeRemoved, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Question } from '../api/types';
import { answerTo } from '../testing/answers';
import { official, operator, owner, publisher, schoolAdmin } from '../testing/people';
import { renderApp } from '../testing/renderApp';
import { stubServer } from '../testing/stubServer';

const card = (name: RegExp) => screen.findByRole('button', { name });

describe('the first page', () => {
  it('shows the owner views, sites, data health and the way everywhere', async () => {
    stubServer(owner);
    renderApp('/');
    expect(await card(/^Views\s*321\s*up 7%\s*300 before$/)).toHaveAttribute('aria-pressed', 'true');
    expect(await screen.findByRole('table', { name: 'By site' })).toBeInTheDocument();
    expect(await screen.findByRole('table', { name: 'Data health' })).toHaveTextContent('Up to date');
    const links = within(screen.getByRole('navigation'))
      .getAllByRole('link')
      .map((link) => link.textContent);
    expect(links).toEqual([
      ...['Overview', 'Live', 'Schools', 'Books', 'Publishers', 'Statements', 'Pools', 'Data health', 'Write keys'],
      ...['People', 'Organisations', 'Keys', 'Audit'],
    ]);
    expect(await screen.findByRole('link', { name: 'school A' })).toHaveAttribute(
      'href',
      '/o/octavo/schools/school%2FA',
    );
  });

  it('shows a school its pupils, licences and books', async () => {
    stubServer(schoolAdmin);
    renderApp('/');
    expect(await card(/^Active pupils\s*321/)).toHaveAttribute('aria-pressed', 'true');
    expect(await screen.findByRole('group', { name: 'Licences used' })).toHaveTextContent('321 of 420 licences');
    expect(screen.getByRole('heading', { name: 'Active pupils and active teachers by day' })).toBeInTheDocument();
    const books = await screen.findByRole('table', { name: 'Top books' });
    expect(
      within(books)
        .getAllByRole('columnheader')
        .map((header) => header.textContent),
    ).toEqual(['Book', 'Readers', 'Change', 'Views']);
    expect(screen.queryByRole('link', { name: 'Schools' })).not.toBeInTheDocument();
  });

  it('says how a number was counted, and asks for the explanation only then', async () => {
    const asked = stubServer(schoolAdmin);
    renderApp('/?from=2026-11-01&to=2026-11-21');
    const explaining = () => asked.filter((each) => each.path === '/api/v1/query?explain=true');
    await userEvent.click(await screen.findByRole('button', { name: 'How was this counted? Minutes per reader' }));
    const panel = await screen.findByRole('dialog', { name: 'How was this counted?' });
    expect(panel).toHaveTextContent('One number divided by another.');
    expect(panel).toHaveTextContent('the formula of minutes_per_reader');
    expect(panel).toHaveTextContent('1 Nov 2026 – 21 Nov 2026');
    expect(panel).toHaveTextContent('Previous period, weekdays matched');
    expect(panel).toHaveTextContent('Sat, 21 Nov 2026.');
    expect(await within(panel).findByText('book chosen: book keeps just this.')).toHaveAttribute('lang', 'en');
    expect(explaining()).toHaveLength(1);
    await userEvent.click(within(panel).getByRole('button', { name: 'Close' }));
    await waitForElementToBeRemoved(panel);
  });

  it('shows a publisher its reach and what it has earned', async () => {
    stubServer(publisher);
    renderApp('/');
    expect(await card(/^Readers\s*321/)).toBeInTheDocument();
    const statements = await screen.findByRole('table', { name: 'Latest statements' });
    expect(statements).toHaveTextContent('€1,234.56');
    expect(within(statements).getByRole('link', { name: 'October 2026' })).toHaveAttribute(
      'href',
      '/o/octavo/statements/abc',
    );
  });

  it('asks for an official only whole past months, and shows hidden cells as hidden', async () => {
    const asked = stubServer(official);
    renderApp('/');
    const table = await screen.findByRole('table', { name: 'Active pupils by region and month' });
    expect(within(table).getAllByText('c')).toHaveLength(2);
    expect(screen.getByText(/It is not zero/)).toBeInTheDocument();
    const questions = asked.filter((each) => each.path === '/api/v1/query').map((each) => each.body as Question);
    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) {
      expect(question).toMatchObject({ grain: 'month', from: '2026-05-01', to: '2026-10-31' });
    }
    const file = screen.getByRole('link', { name: 'Download CSV: region, school and month' });
    expect(file.getAttribute('href')).toContain('dimensions=region%2Cschool&grain=month&from=2026-05-01&to=2026-10-31');
  });

  it('calls a fall no fall while the period is running, and a ratio by its decimals', async () => {
    const totals = { views: 80, views_previous: 100, views_per_reader: 4.25, views_per_reader_previous: 3 };
    stubServer(owner, (path, body) =>
      path === '/api/v1/query' ? { status: 200, body: { ...answerTo(body as Question), totals } } : undefined,
    );
    renderApp('/');
    expect(await card(/^Views\s*80\s*down 20% so far\s*100 before$/)).toBeInTheDocument();
    expect(await card(/^Views per reader\s*4\.3\s*3\.0 before$/)).toBeInTheDocument();
  });

  it('starts an operator with the data', async () => {
    stubServer(operator);
    renderApp('/');
    expect(await screen.findByRole('heading', { name: 'Data health', level: 1 })).toBeInTheDocument();
    expect(await screen.findByText('Unknown school')).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Live' })).not.toBeInTheDocument();
  });
});

describe('the page in its address', () => {
  it('asks what the address says and writes there what is chosen', async () => {
    const asked = stubServer(owner);
    const { router } = renderApp('/?from=2026-01-01&to=2026-01-31&site=ee&compare=none&metric=readers');
    expect(await card(/^Readers\s*321$/)).toHaveAttribute('aria-pressed', 'true');
    const question = asked.find((each) => each.path === '/api/v1/query')?.body as Question;
    expect(question).toMatchObject({
      from: '2026-01-01',
      to: '2026-01-31',
      filters: [{ dimension: 'site', in: ['ee'] }],
    });
    expect(question).not.toHaveProperty('compare');
    await userEvent.click(await card(/^Minutes/));
    expect(router.state.location.search).toMatchObject({ metric: 'minutes', site: 'ee', from: '2026-01-01' });
    await userEvent.selectOptions(screen.getByLabelText('Compare with'), 'Same dates last year');
    await userEvent.click(screen.getByRole('switch', { name: 'Match weekdays' }));
    expect(router.state.location.search).toMatchObject({ compare: 'previous_year', weekday: 'on' });
    const compared = asked.map((each) => each.body as Question).filter((each) => each?.compare === 'previous_year');
    expect(compared.at(-1)).toMatchObject({ match_weekday: true });
    await userEvent.selectOptions(screen.getByLabelText('Period'), 'Last 90 days');
    expect(router.state.location.search).toMatchObject({ period: '90d', weekday: 'on' });
    expect(router.state.location.search).not.toHaveProperty('from');
  });

  it('shows the term beside the same term last year', async () => {
    const asked = stubServer(schoolAdmin);
    const { router } = renderApp('/');
    await userEvent.selectOptions(await screen.findByLabelText('Period'), 'This term');
    expect(router.state.location.search).toEqual({ period: 'term' });
    expect(screen.getByLabelText('Compare with')).toHaveDisplayValue('Same term last year');
    const question = asked.map((each) => each.body as Question).findLast((each) => each?.grain);
    expect(question).toMatchObject({
      from: '2026-09-01',
      to: '2026-11-21',
      compare: 'same_term_last_year',
      grain: 'week',
    });
  });

  it('shows the same numbers as a table', async () => {
    stubServer(owner);
    renderApp('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Show as table' }));
    const table = screen.getByRole('table', { name: 'Views by day' });
    expect(within(table).getByRole('row', { name: /21 Nov 2026 \(not over\)/ })).toHaveTextContent('10090–');
    expect(within(table).getByRole('row', { name: /20 Nov 2026/ })).toHaveTextContent('10090up 11%');
  });

  it("shows the server's words when it refuses, and tries again", async () => {
    let refuse = true;
    stubServer(owner, (path) =>
      path === '/api/v1/query' && refuse
        ? { status: 400, body: { title: 'Bad range', status: 400, code: 'bad_range', detail: 'Choose a later day.' } }
        : undefined,
    );
    renderApp('/');
    const [alert] = await screen.findAllByRole('alert');
    expect(alert).toHaveTextContent('Choose a later day.');
    refuse = false;
    await userEvent.click(within(alert as HTMLElement).getByRole('button', { name: 'Try again' }));
    expect(await card(/^Views\s*321/)).toBeInTheDocument();
  });
});
