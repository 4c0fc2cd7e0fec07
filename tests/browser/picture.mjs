// SPDX-License-Identifier: Apache-2.0
// picture.mjs PAGE PICTURE makes a picture of the top of a page.
import {createRequire} from "node:module";
import {fileURLToPath, pathToFileURL} from "node:url";

const installed = createRequire(fileURLToPath(new URL("../../.cache/browser/package.json", import.meta.url)));
const {chromium} = installed("playwright-core");
const [page, picture] = process.argv.slice(2);
const browser = await chromium.launch({executablePath: "/usr/bin/chromium"});
const tab = await browser.newPage({viewport: {width: 1100, height: 1150}, colorScheme: "light"});
await tab.goto(pathToFileURL(page).href);
await tab.waitForSelector("html[data-ready=yes]");
await tab.evaluate(() => scrollTo({top: 0, behavior: "instant"}));
await tab.screenshot({path: picture});
await browser.close();
