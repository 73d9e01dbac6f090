import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './tokens/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { start } from './app/start';
import { createI18n } from './i18n/i18n';
import { applyRememberedScheme } from './tokens/scheme';

applyRememberedScheme();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

const { queries, router } = start();
createRoot(root).render(<App router={router} queries={queries} i18n={createI18n()} />);
