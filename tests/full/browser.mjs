// Looks at a page in Debian's chromium: node browser.mjs SCENARIO FILE [FOLDER FOR PICTURES]. Silence is success.
// Without arguments it lists its scenarios.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const tools = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../.tools");
const require = createRequire(path.join(tools, "package.json"));
const [scenario, file] = process.argv.slice(2);
const url = file && pathToFileURL(path.resolve(file)).href;
const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let browser;
const complaints = [];

/** A page that is open, with everything that the browser complains about or asks for kept. */
const open = async (options = DESK, fragment = "") => {
  const context = await browser.newContext(options);
  await context.addInitScript(() => { window.said = []; window.fired = (what) => window.said.push(what); });
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => { if (!request.url().startsWith(url)) complaints.push(`request: ${request.url()}`); });
  await page.goto(url + fragment);
  return page;
};
const shownRows = (page) => page.$$eval("tbody tr", (rows) => rows.filter((row) => row.checkVisibility()).map((row) => row.cells[0].textContent));
const shownModules = (page) => page.$$eval("section.block", (all) => all.filter((one) => one.checkVisibility()).map((one) => one.id));
const cell = (identity) => `[id="${identity}"]`;
const focused = (page) => page.evaluate(() => document.activeElement.id);
const tabTo = async (page, matches, limit = 60) => {
  for (let count = 0; count < limit; count += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement.matches(selector), matches)) return;
  }
  assert.fail(`Tab does not reach ${matches}`);
};
const tip = async (page) => ((await page.isVisible("#tip")) ? page.innerText("#tip") : "");
const violations = async (page) => {
  // Also what is not in view yet.
  await page.addStyleTag({ content: "section { content-visibility: visible !important; }" });
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.slice(0, 3).map((node) => `  ${node.html.slice(0, 160)}\n  ${node.failureSummary}`).join("\n")}`);
};
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
/** Text that does not fit where it stands, or stands beside the sheet. */
const clipped = (page) => page.evaluate(() => [...document.querySelectorAll("body *")].flatMap((element) => {
  if (!element.checkVisibility() || !element.textContent.trim()) return [];
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const out = box.right > document.documentElement.clientWidth + 1 || box.left < -1;
  const cut = style.display !== "inline" && style.overflow !== "visible"
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  return out || cut ? [`${out ? "outside" : "cut"}: ${element.tagName} ${element.id} ${element.textContent.slice(0, 60)}`] : [];
}));

const scenarios = {
  async loads_in_silence() {
    const page = await open();
    assert.equal(await page.locator("section.block").count(), 4);
    assert.ok(await page.isVisible("#bar"));
    await page.hover(cell("module.gke_zero/ops/name_prefix"));
    assert.match(await tip(page), /differs from apps/);
  },

  async pointing_shows_both_places() {
    const page = await open();
    await page.hover(cell("module.gke_zero/ops/name_prefix"));
    const said = await tip(page);
    assert.match(said, /ops "" infra\/clusters\.tf:23/);
    assert.match(said, /over apps gc0 infra\/clusters\.tf:7/);
    assert.match(said, /ignored\s+placeholder-value[\s\S]*left over from the migration/);
    await page.hover("#tip");
    await page.waitForTimeout(300);
    assert.ok(await page.isVisible("#tip"), "it stays while one points at it");
    await page.hover("h1");
    await page.waitForSelector("#tip", { state: "hidden" });
    // What scrolls away from under the pointer takes its places along.
    await page.hover(cell("module.gke_zero/ops/name_prefix"));
    assert.notEqual(await tip(page), "");
    await page.evaluate(() => scrollBy(0, 200));
    await frames(page);
    assert.equal(await page.getAttribute(cell("module.gke_zero/ops/name_prefix"), "aria-describedby"), null);
  },

  async keyboard_alone() {
    const page = await open();
    await tabTo(page, "td");
    assert.equal(await focused(page), "module.gke_zero/apps/project_id");
    assert.match(await tip(page), /apps infra\/clusters\.tf:6/);
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "module.gke_zero/ops/project_id");
    assert.match(await tip(page), /inherited from apps\s+apps infra\/clusters\.tf:6/);
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "module.gke_zero/ops/name_prefix");
    assert.match(await tip(page), /clusters\.tf:23[\s\S]*clusters\.tf:7/);
    assert.equal(await page.getAttribute(cell("module.gke_zero/ops/name_prefix"), "aria-describedby"), "tip");
    await page.keyboard.press("Escape");
    assert.equal(await tip(page), "");
    await page.keyboard.press("End");
    assert.equal(await focused(page), "module.gke_zero/dev/name_prefix");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => location.hash), "#module.gke_zero/dev/name_prefix");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "module.gke_zero/apps/project_id");
    // A table is one stop: the next one is the list of its findings.
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "A");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "module.gke_zero/apps/cluster_max_node_count");
  },

  async focus_is_never_covered() {
    for (const options of [DESK, PHONE]) {
      const page = await open(options);
      await page.focus(cell("module.gke_zero/apps/project_id"));
      for (let count = 0; count < 12; count += 1) {
        await page.keyboard.press("ArrowDown");
        await frames(page);
        const seen = await page.evaluate(() => {
          const box = document.activeElement.getBoundingClientRect();
          const top = document.elementFromPoint(box.left + 10, box.top + box.height / 2);
          return document.activeElement.contains(top);
        });
        assert.ok(seen, `${await focused(page)} is covered`);
        assert.ok(await page.isVisible("#tip") || /–/.test(await page.evaluate(() => document.activeElement.textContent)), `${await focused(page)} shows nothing`);
      }
    }
  },

  async filters() {
    const page = await open();
    const everything = (await shownRows(page)).length;
    await page.fill("#by-text", "NAME_PREFIX");
    await page.waitForFunction(() => document.querySelector("#shown").value);
    assert.deepEqual(await shownRows(page), ["name_prefix"]);
    assert.deepEqual(await shownModules(page), ["module.gke_zero"]);
    assert.equal(await page.inputValue("#shown").catch(() => page.innerText("#shown")), `1 of 4 modules, 1 of ${everything} settings`);
    await page.fill("#by-text", "names no version");
    await page.waitForFunction(() => document.querySelector("#shown").value.startsWith("0") || document.querySelector("[id='module.gke_zero']").hidden);
    assert.deepEqual(await shownModules(page), ["module.eks_zero"]);
    await page.fill("#by-text", "nothing has this");
    await page.waitForSelector("#nothing");
    await page.click("button[type=reset]");
    assert.equal((await shownRows(page)).length, everything);
    assert.equal(await page.inputValue("#by-text"), "");

    await page.check("#by-difference");
    assert.deepEqual(await shownRows(page), ["name_prefix", "region", "admin_password", "admin_passwort", "max_node_count", "max_node_count"]);
    await page.selectOption("#by-environment", "dev");
    assert.deepEqual(await shownRows(page), ["region"]);
    assert.deepEqual(await page.$$eval("[id='module.gke_zero'] thead th", (heads) => heads.filter((head) => head.checkVisibility()).map((head) => head.textContent)), ["module.gke_zero", "apps base", "dev"]);
    await page.click("button[type=reset]");

    await page.selectOption("#by-module", "module.eks_zero");
    assert.deepEqual(await shownModules(page), ["module.eks_zero"]);
    await page.selectOption("#by-module", "");
    await page.selectOption("#by-severity", "3");
    assert.ok((await shownRows(page)).includes("cluster_max_node_count"));
    assert.ok(!(await shownRows(page)).includes("region"));
    assert.ok(await page.isVisible("#repository"));
    await page.selectOption("#by-severity", "2");
    assert.ok((await shownRows(page)).includes("region"));
    assert.ok(!(await shownRows(page)).includes("name_prefix"));
    await page.selectOption("#by-severity", "0");
    assert.ok((await shownRows(page)).includes("name_prefix"), "an ignored finding is on it");
  },

  async filters_by_keyboard() {
    const page = await open();
    await tabTo(page, "#by-text");
    await page.keyboard.type("region");
    await page.waitForFunction(() => document.querySelector("#shown").value);
    assert.deepEqual(await shownRows(page), ["region"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await tabTo(page, "#by-difference");
    await page.keyboard.press("Space");
    assert.ok((await shownRows(page)).length > 3);
    await tabTo(page, "button[type=reset]");
    await page.keyboard.press("Enter");
    assert.equal(await page.isChecked("#by-difference"), false);
    // The first stop of a table moves on when its row is hidden.
    await page.fill("#by-text", "cluster_max");
    await page.waitForFunction(() => document.querySelector("#shown").value);
    await tabTo(page, "td");
    assert.equal(await focused(page), "module.gke_zero/apps/cluster_max_node_count");
  },

  async links_to_cells() {
    const target = "module.pools%5B%22a%22%5D.module.pool/ops/max_node_count";
    const seen = (page) => page.waitForFunction((identity) => {
      const element = document.getElementById(identity), box = element.getBoundingClientRect();
      return element.classList.contains("here") && element.checkVisibility() && box.top > 0 && box.bottom < innerHeight;
    }, target);
    const page = await open(DESK, `#${target}`);
    await seen(page);
    assert.equal(await focused(page), target);
    assert.match(await tip(page), /differs from apps/);
    // Filters that hide it give way; a decoded address finds it too.
    await page.fill("#by-text", "region");
    await page.waitForFunction((identity) => !document.getElementById(identity).checkVisibility(), target);
    await page.evaluate(() => { location.hash = "#module.gke_zero"; });
    await page.evaluate((fragment) => { location.hash = fragment; }, `#${decodeURIComponent(target)}`);
    await seen(page);
    assert.equal(await page.inputValue("#by-text"), "");
    assert.equal(await page.locator(".here").count(), 1);
    await page.click(cell("module.gke_zero/ops/region"));
    assert.equal(await page.evaluate(() => location.hash), "#module.gke_zero/ops/region");
  },

  async accessible() {
    for (const colorScheme of ["light", "dark"]) {
      for (const options of [DESK, PHONE]) {
        const page = await open({ ...options, colorScheme, bypassCSP: true });
        assert.deepEqual(await violations(page), [], `${colorScheme}, ${options.viewport.width} wide`);
        await page.focus(cell("module.gke_zero/apps/project_id"));
        for (const key of ["ArrowRight", "ArrowDown", "Enter"]) await page.keyboard.press(key);
        assert.ok(await page.isVisible("#tip"));
        assert.deepEqual(await violations(page), [], `${colorScheme}, ${options.viewport.width} wide, places shown`);
      }
    }
    // The judge judges.
    const page = await open({ ...DESK, bypassCSP: true });
    await page.evaluate(() => { document.querySelector("#by-text").removeAttribute("aria-label"); document.querySelector("#by-text").removeAttribute("placeholder"); });
    assert.match((await violations(page)).join("\n"), /^label:/m);
  },

  async colours_follow_the_system() {
    const paper = async (options) => (await open(options)).evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await paper({ ...DESK, colorScheme: "light" }), "rgb(251, 250, 247)");
    assert.equal(await paper({ ...DESK, colorScheme: "dark" }), "rgb(23, 24, 26)");
  },

  async a_phone_needs_no_sideways_scrolling() {
    const page = await open(PHONE);
    assert.deepEqual(await clipped(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.tap(cell("module.gke_zero/ops/name_prefix"));
    assert.match(await tip(page), /clusters\.tf:23[\s\S]*clusters\.tf:7/);
    await page.tap("#more");
    await page.check("#by-difference");
    assert.ok((await shownRows(page)).includes("name_prefix"));
    assert.deepEqual(await clipped(page), []);
  },

  async paper_shows_everything() {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ viewport: { width: 703, height: 1000 }, colorScheme });
      await page.emulateMedia({ media: "print", colorScheme });
      assert.deepEqual(await clipped(page), []);
      assert.equal(await page.isVisible("#bar"), false);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
      const said = await page.innerText(cell("module.gke_zero/ops/name_prefix"));
      assert.match(said, /clusters\.tf:23[\s\S]*clusters\.tf:7/);
      const pdf = await page.pdf({ format: "A4" });
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
      assert.ok(sheets >= 3 && sheets <= 12, `${sheets} sheets`);
    }
  },

  async wide_tables_scroll_by_themselves() {
    const page = await open();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const inView = () => page.evaluate(() => {
      const box = document.activeElement.getBoundingClientRect();
      return document.activeElement.contains(document.elementFromPoint(box.left + 5, box.top + 5)) && box.right <= innerWidth;
    });
    await tabTo(page, "td");
    for (let count = 0; count < 8; count += 1) {
      assert.ok(await inView(), await focused(page));
      await page.keyboard.press("ArrowRight");
      await frames(page);
    }
    assert.equal(await focused(page), "module.gke/env-8/project_id");
    for (let count = 0; count < 7; count += 1) {
      await page.keyboard.press("ArrowLeft");
      await frames(page);
      assert.ok(await inView(), await focused(page));
    }
    // A long value is whole where one looks at it, and on paper.
    await page.hover(cell("module.gke/apps/note"));
    assert.match(await tip(page), /the end/);
    // The scroll that brought it there is told a frame later, and must not take the tip away.
    await frames(page);
    assert.match(await tip(page), /the end/);
    await page.setViewportSize({ width: 703, height: 1000 });
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await clipped(page), []);
  },

  async readable_without_a_script() {
    for (const options of [DESK, PHONE]) {
      const page = await open({ ...options, javaScriptEnabled: false });
      assert.equal(await page.isVisible("#bar"), false);
      assert.ok(await page.isVisible(cell("module.gke_zero/ops/name_prefix")));
      assert.match(await page.innerText(cell("module.gke_zero/ops/name_prefix")), /ops "" infra\/clusters\.tf:23[\s\S]*over apps gc0 infra\/clusters\.tf:7/);
      assert.match(await page.textContent("[id='module.eks_zero']"), /names no version/);
    }
  },

  async markup_stays_text() {
    // Once with the page's own policy, and once without: escaping has to do alone.
    for (const bypassCSP of [false, true]) {
      const page = await open({ ...DESK, bypassCSP });
      for (const row of await page.locator("tbody tr").all()) {
        await row.locator("td").first().hover();
        await row.locator("td").nth(2).hover();
      }
      await page.fill("#by-text", "<img src=x");
      await page.waitForFunction(() => document.querySelector("#shown").value);
      assert.ok((await shownRows(page)).length > 0);
      assert.deepEqual(await page.evaluate(() => window.said), []);
      assert.equal(await page.locator("img, svg, iframe, script + script, a[href^=javascript]").count(), 0);
      assert.match(await page.innerText("section.block"), /<img src=x onerror=fired\('image'\)>/);
    }
    // The judge judges.
    const page = await open({ ...DESK, bypassCSP: true });
    await page.evaluate(() => { document.querySelector("h1").innerHTML = "<img src=data:, onerror=fired('image')>"; });
    await page.waitForFunction(() => window.said.includes("image"));
    complaints.length = 0;
  },

  async big_pages_stay_usable() {
    const started = performance.now();
    const page = await open();
    await frames(page);
    const figures = { load: performance.now() - started };
    assert.equal(await page.locator("section.block").count(), 200);
    const timed = (name, act) => page.evaluate(async ([what, source]) => {
      const start = performance.now();
      new Function(source)();
      if (what === "text") await new Promise((done) => setTimeout(done, 125));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - start;
    }, [name, act]);
    const change = (id, set) => `const one = document.getElementById("${id}"); ${set}; one.dispatchEvent(new Event("${id === "by-text" ? "input" : "change"}", { bubbles: true }));`;
    const steps = [
      ["difference", change("by-difference", "one.checked = true")],
      ["everything", change("by-difference", "one.checked = false")],
      ["text", change("by-text", "one.value = 'machine'")],
      ["environment", change("by-environment", "one.value = 'ops'")],
      ["severity", change("by-severity", "one.value = '2'")],
      ["reset", "document.querySelector('button[type=reset]').click()"],
    ];
    for (const [name, act] of steps) figures[name] = await timed(name, act);
    const target = "module.gke_157/ops/cluster_max_node_count";
    await page.evaluate((identity) => { location.hash = identity; }, target);
    await page.waitForFunction((identity) => {
      const box = document.getElementById(identity).getBoundingClientRect();
      return document.activeElement.id === identity && box.top > 0 && box.bottom < innerHeight;
    }, target);
    const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value)]));
    process.stdout.write(`${JSON.stringify(rounded)}\n`);
    for (const [name, value] of Object.entries(rounded)) assert.ok(value < (name === "load" ? 5000 : 1000), `${name} takes ${value} ms`);
  },
};

if (!scenario) {
  process.stdout.write(`${Object.keys(scenarios).join("\n")}\n`);
} else {
  const { chromium } = require("playwright-core");
  // Chromium refuses its sandbox to root, as which containers of CI run.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: process.env.KSLINT_CHROMIUM, args: [...sandbox, "--disable-dev-shm-usage"] });
  try {
    await scenarios[scenario]();
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}
