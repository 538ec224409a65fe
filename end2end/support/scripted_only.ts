// For tests whose pages look and work the same without JavaScript, and whose forms another test fills in without it:
// they run once, with JavaScript. `test('…', scriptedOnly, async …)`
export const scriptedOnly = { tag: '@scripted-only' };
