// For tests whose pages look and work the same without JavaScript, and whose forms another test fills in without it:
// they run once, with JavaScript. `test('…', once, async …)`
export const once = { tag: '@once' };
