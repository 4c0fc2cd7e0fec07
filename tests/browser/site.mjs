// SPDX-License-Identifier: Apache-2.0
// site.mjs SITE FOLDER makes pictures of pages of the site, as a desktop and a phone show them. It fails if a page is wider than the
// screen, logs an error, or asks for anything that is not a file of the site.
import {createRequire} from "node:module";
import {join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const installed = createRequire(fileURLToPath(new URL("../../.cache/browser/package.json", import.meta.url)));
const {chromium} = installed("playwright-core");
const [site, folder] = process.argv.slice(2).map(path => resolve(path));
const pages = ["index", "guide", "installing", "checks/PLC202", "modules/placement_audit", "conflicts"];
const screens = {desktop: {width: 1280, height: 900}, phone: {width: 390, height: 844}};

const browser = await chromium.launch({executablePath: "/usr/bin/chromium"});
const faults = [];
for (const [screen, viewport] of Object.entries(screens)) {
  const tab = await browser.newPage({viewport, colorScheme: "light"});
  let page;
  tab.on("pageerror", error => faults.push(`${screen} ${page}: ${error}`));
  tab.on("request", request => {
    if (!/^(file:\/\/|data:|blob:)/.test(request.url())) faults.push(`${screen} ${page}: asks for ${request.url()}`);
  });
  for (page of pages) {
    await tab.goto(pathToFileURL(join(site, page + ".html")).href);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${screen} ${page}: ${wide} pixels wider than the screen`);
    await tab.screenshot({path: join(folder, `${page.replace("/", "-")}-${screen}.png`)});
  }
}
await browser.close();
faults.forEach(fault => console.error("site: " + fault));
console.log(`site: ${pages.length * Object.keys(screens).length} pictures in ${folder}`);
process.exitCode = faults.length ? 1 : 0;
