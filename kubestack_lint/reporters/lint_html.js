"use strict";
// Everything stands in the page already: this shows places, filters, moves the focus, and follows links to cells.
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tip = byId("tip"), bar = byId("bar"), shown = byId("shown");
  const text = byId("by-text"), module = byId("by-module"), environment = byId("by-environment");
  const severity = byId("by-severity"), difference = byId("by-difference");
  const controls = [text, module, environment, severity, difference];

  // -- what is there, read once when it is needed
  const sections = all("section").map((element) => {
    const heads = all("thead th", element).map((head) => head.dataset.e);
    const rows = all("tbody tr", element);
    const findings = all(".findings > li", element);
    // Heights that are near the truth keep the scroll bar still while sections come into view.
    element.style.containIntrinsicSize = `auto ${rows.length * 29 + findings.length * 110 + 150}px`;
    return { element, heads, rows, findings, name: element.dataset.n.toLowerCase(), known: null };
  });
  const concerning = new Map();
  for (const item of all("[data-c]")) {
    const target = item.dataset.c;
    concerning.set(target, [...(concerning.get(target) || []), item]);
  }
  const read = (section) => {
    section.known ||= {
      rows: section.rows.map((row) => ({
        row,
        words: row.textContent.toLowerCase(),
        cells: [...row.cells].map((cell) => ({
          differs: cell.classList.contains("o") || cell.classList.contains("gone"),
          weight: Math.max(-1, ...(concerning.get(cell.id) || []).map((item) => +item.dataset.w)),
        })),
      })),
      findings: section.findings.map((item) => ({
        item,
        words: item.textContent.toLowerCase(),
        weight: +item.dataset.w,
        environment: item.dataset.e,
        row: byId(item.dataset.c || "")?.closest("tbody tr"),
      })),
    };
    return section.known;
  };

  // -- filters
  const filter = () => {
    const words = text.value.trim().toLowerCase();
    const least = severity.value === "" ? null : +severity.value;
    const column = environment.value;
    const used = controls.filter((control) => (control.type === "checkbox" ? control.checked : control.value !== ""));
    const narrowed = used.length > 0;
    const picky = used.some((control) => control !== module && control !== environment);
    let modules = 0, settings = 0;
    for (const section of sections) {
      const known = read(section);
      const at = column ? section.heads.indexOf(column) : -1;
      const named = !words || section.name.includes(words);
      let any = 0;
      for (const { row, words: inside, cells } of known.rows) {
        const looked = column ? cells.filter((_, index) => index === at) : cells;
        const fits = (named || inside.includes(words))
          && (!difference.checked || looked.some((cell) => cell.differs))
          && (least === null || looked.some((cell) => cell.weight >= least));
        row.hidden = !fits;
        any += fits;
      }
      let told = 0;
      for (const { item, words: inside, weight, environment: on, row } of known.findings) {
        const fits = (named || inside.includes(words)) && (!column || !on || on === column)
          && (least === null || weight >= least) && (!difference.checked || Boolean(row && !row.hidden));
        item.hidden = !fits;
        told += fits;
      }
      const table = section.element.querySelector("table");
      if (table) table.hidden = !any;
      const wanted = (!module.value || section.element.id === module.value)
        && (!column || at > 0 || !table)
        && (!picky || any > 0 || told > 0);
      section.element.hidden = !wanted;
      if (wanted && section.rows.length) { modules += 1; settings += any; }
      columns(section, column);
    }
    shown.value = narrowed ? `${modules} of ${total.modules} modules, ${settings} of ${total.settings} settings` : "";
    byId("nothing").hidden = sections.some((section) => !section.element.hidden) || !sections.length;
    hide();
    for (const section of sections) if (!section.element.hidden) stop(section);
  };
  const total = {
    modules: sections.filter((section) => section.rows.length).length,
    settings: sections.reduce((sum, section) => sum + section.rows.length, 0),
  };
  // An environment alone says little: what it inherits from stays beside it.
  const columns = (section, only) => {
    if ((section.only || "") === only) return;
    section.only = only;
    const heads = all("thead th", section.element);
    const hidden = heads.map((head, column) => Boolean(only) && column > 0 && section.heads[column] !== only && !head.querySelector("small"));
    heads.forEach((head, column) => { head.hidden = hidden[column]; });
    for (const row of section.rows) hidden.forEach((value, column) => { if (row.cells[column].hidden !== value) row.cells[column].hidden = value; });
  };
  const reset = () => {
    for (const control of controls) control.type === "checkbox" ? (control.checked = false) : (control.value = "");
    filter();
  };
  let waiting = 0;
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const control of controls.slice(1)) control.addEventListener("change", filter);
  bar.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  bar.addEventListener("reset", (event) => { event.preventDefault(); reset(); });
  byId("more").addEventListener("click", (event) => {
    const button = event.currentTarget;
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });

  // -- both places, and the findings on a cell
  let owner = null, placed = null, leaving = 0;
  const hide = () => {
    clearTimeout(leaving);
    if (owner) owner.removeAttribute("aria-describedby");
    owner = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  };
  const show = (cell) => {
    clearTimeout(leaving);
    if (cell === owner) return;
    hide();
    const places = cell.querySelector("small"), found = concerning.get(cell.id) || [];
    const whole = cell.querySelector(".v");
    if (cell.matches("thead *") ? !found.length : !places && !found.length) return;
    tip.replaceChildren();
    if (whole && whole.parentElement === cell && whole.scrollHeight > whole.clientHeight) {
      const value = document.createElement("code");
      value.textContent = whole.textContent;
      tip.append(value);
    }
    if (places && cell.matches("td")) tip.append(places.cloneNode(true));
    if (found.length) {
      const list = document.createElement("ul");
      for (const item of found) {
        const entry = document.createElement("li");
        entry.append(...all(":scope > .f, :scope > code, :scope > p", item).flatMap((part) => [part.cloneNode(true), " "]));
        list.append(entry);
      }
      tip.append(list);
    }
    tip.showPopover();
    owner = cell;
    cell.setAttribute("aria-describedby", "tip");
    place();
  };
  const place = () => {
    const box = owner.getBoundingClientRect(), size = tip.getBoundingClientRect();
    placed = box;
    const below = box.bottom + 4, above = box.top - size.height - 4;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${below + size.height <= innerHeight || above < 0 ? Math.min(below, innerHeight - size.height - 4) : above}px`;
  };
  const cellOf = (target) => (target instanceof Element ? target.closest("table td, table th") : null);
  document.addEventListener("mouseover", (event) => {
    if (tip.contains(event.target)) return clearTimeout(leaving);
    const cell = cellOf(event.target);
    if (cell) return show(cell);
    if (owner && owner !== document.activeElement) { clearTimeout(leaving); leaving = setTimeout(hide, 150); }
  });
  document.addEventListener("focusin", (event) => {
    const cell = cellOf(event.target);
    if (cell === event.target) show(cell); else hide();
  });
  // What has the focus keeps its places beside it; what was pointed at has moved on. A scroll is told a frame after it
  // happened: by then the pointer may stand on the cell that came to it, and that one has not moved.
  document.addEventListener("scroll", (event) => {
    if (!owner || tip.contains(event.target)) return;
    const box = owner.getBoundingClientRect();
    if (box.left === placed.left && box.top === placed.top) return;
    if (owner === document.activeElement) place(); else hide();
  }, { passive: true, capture: true });

  // -- the keyboard: a table is one stop, arrow keys move inside of it
  const stop = (section) => {
    const cells = () => section.rows.filter((row) => !row.hidden).flatMap((row) => [...row.cells]).filter((cell) => !cell.hidden && cell.tagName === "TD");
    if (section.stop && !section.stop.hidden && !section.stop.parentElement.hidden) return;
    if (section.stop) section.stop.removeAttribute("tabindex");
    section.stop = cells()[0] || null;
    if (section.stop) section.stop.tabIndex = 0;
  };
  const focus = (cell) => {
    const section = sections.find((one) => one.element.contains(cell));
    if (!section) return;
    if (section.stop && section.stop !== cell) section.stop.removeAttribute("tabindex");
    section.stop = cell;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    show(cell);
    // Neither the bars above nor the sheet below (on a phone) may cover it.
    const box = cell.getBoundingClientRect(), sheet = tip.matches(":popover-open") ? tip.getBoundingClientRect() : null;
    const floor = sheet && sheet.bottom >= innerHeight && sheet.left <= 0 ? sheet.top : innerHeight;
    if (box.top < 140 || box.bottom > floor - 8) scrollBy(0, box.top - Math.max(140, (floor - box.height) / 2));
  };
  const near = (cells, index, step) => {
    for (let at = index + step; at >= 0 && at < cells.length; at += step) if (!cells[at].hidden) return cells[at];
    return null;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const cell = cellOf(event.target);
    if (!cell || cell !== event.target || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = cell.parentElement, cells = [...row.cells], column = cell.cellIndex;
    const rows = [...row.closest("table").rows].filter((one) => !one.hidden);
    const vertical = (step) => rows[rows.indexOf(row) + step]?.cells[column];
    const moves = {
      ArrowLeft: () => near(cells, column, -1),
      ArrowRight: () => near(cells, column, 1),
      ArrowUp: () => vertical(-1),
      ArrowDown: () => vertical(1),
      Home: () => near(cells, -1, 1),
      End: () => near(cells, cells.length, -1),
      Enter: () => (mark(cell), cell),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    const next = moves[event.key]();
    if (next) focus(next);
  });
  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.target.closest("a") || String(getSelection())) return;
    if (cell.id) mark(cell);
    focus(cell);
  });

  // -- links to cells
  const mark = (cell, silent) => {
    for (const other of all(".here")) other.classList.remove("here");
    if (!cell.id) return;
    cell.classList.add("here");
    if (!silent) history.replaceState(null, "", `#${cell.id}`);
  };
  const find = (fragment) => {
    if (!fragment) return null;
    // Some programs decode what they paste.
    const encoded = (part) => { try { return encodeURIComponent(decodeURIComponent(part)).replace(/'/g, "%27"); } catch { return part; } };
    return byId(fragment) || byId(fragment.split("/").map(encoded).join("/"));
  };
  const follow = () => {
    const target = find(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) reset();
    if (!target.matches("td, th, li")) return target.scrollIntoView();
    mark(target, true);
    target.scrollIntoView({ block: "center" });
    // Sections above get their true heights only now.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      target.scrollIntoView({ block: "center" });
      if (target.matches("td, th")) focus(target);
    }));
  };
  addEventListener("hashchange", follow);

  document.documentElement.classList.add("js");
  bar.hidden = !sections.length;
  for (const table of all("table")) table.setAttribute("role", "grid");
  new ResizeObserver(() => document.documentElement.style.setProperty("--top", `${bar.offsetHeight}px`)).observe(bar);
  for (const section of sections) stop(section);
  follow();
})();
