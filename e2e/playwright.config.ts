import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { base, binary, data, port } from './fixtures/demo';

// Debian's own browser where there is one, else Playwright's.
const debian = '/usr/bin/chromium';
const executablePath = process.env.OCTAVO_CHROMIUM ?? (existsSync(debian) ? debian : undefined);

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: base,
    launchOptions: { executablePath, args: ['--no-sandbox', '--disable-gpu'] },
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `${binary} demo --reset --port ${port} --data ${data} --events 150000`,
    url: `${base}/health/ready`,
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGINT', timeout: 20_000 },
  },
});
