/**
 * Makes an Electron that was packaged with another app open the app folder named on its command line, as an
 * unpackaged Electron does. Copied into `resources/app` of the test binary; runs on Node 16.
 */
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { app } = require('electron');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) throw new Error('electron test loader: found no app folder, expected one argument');

const root = resolve(folder);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(root);
process.defaultApp = true;
require(join(root, manifest.main));
