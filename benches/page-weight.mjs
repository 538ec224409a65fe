// What a browser receives before a page is ready for use.
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { get } from './http.mjs';

const decode = { gzip: gunzipSync, br: brotliDecompressSync };

/**
 * Bytes on the wire by kind of file (`html`, `js`, `wasm`, `css`), for a browser that accepts this encoding.
 * What the server does not compress counts as it is sent.
 */
export async function pageWeight(url, path, encoding) {
  const weight = { html: 0, js: 0, wasm: 0, css: 0 };
  const page = await fetchPart(url + path, encoding);
  weight.html = page.sent;
  const seen = new Set();
  const follow = async (address) => {
    const kind = address.match(/\.(js|wasm|css)$/)?.[1];
    if (!kind || seen.has(address)) return;
    seen.add(address);
    const part = await fetchPart(address, encoding);
    weight[kind] += part.sent;
    if (kind !== 'js') return;
    for (const [, name] of part.text.matchAll(/\bimport\b[^'"();]*['"](\.[^'"]+)['"]/g)) await follow(new URL(name, address).href);
  };
  for (const [, name] of page.text.matchAll(/<link\b[^>]*\bhref="?([^"\s>]+)/g)) await follow(new URL(name, url).href);
  return weight;
}

async function fetchPart(address, encoding) {
  const answer = await get(address, { Accept: 'text/html', 'Accept-Encoding': encoding });
  if (answer.status !== 200) throw new Error(`${address} was answered with ${answer.status}`);
  const used = answer.headers['content-encoding'];
  const body = used ? decode[used](answer.body) : answer.body;
  return { sent: answer.body.length, text: body.toString() };
}
