// What the specs import: `import { expect, test } from '../support/test';`
import { mergeTests } from '@playwright/test';
import { test as accessibilityTest } from './a11y';
import { test as aliveTest } from './alive';
import { test as consoleTest } from './console';
import { test as serverTest } from './server';
import { test as smtpTest } from './smtp';

export { expect } from '@playwright/test';
export { scriptedOnly } from './scripted_only';

export const test = mergeTests(serverTest, aliveTest, consoleTest, accessibilityTest, smtpTest);
