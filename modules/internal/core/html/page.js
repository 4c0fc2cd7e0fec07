"use strict";
(() => {
  const step = 100;
  const $ = (id) => document.getElementById(id);
  // plain is the text of an entry: attributes hold tokens and numbers only, so that each ">" in it ends a tag.
  const plain = (html) => html.replace(/<(button|h3)\b.*?<\/\1>/g, " ").replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&#34;/g, '"').replace(/&#39;/g, "'").replace(/&#43;/g, "+").replace(/&amp;/g, "&").toLowerCase().trim();
  const attribute = (html, name) => (html.match(new RegExp(`^<[^>]*? ${name}="([^"]*)"`)) || ["", ""])[1];
  // entry keeps the HTML of an entry with what searching and sorting need of it.
  const entry = (html) => ({html, text: plain(html), keys: attribute(html, "data-k").split(" ")});
  const numbers = (e) => e.numbers ??= attribute(e.html, "data-v").split(" ").map(Number);

  // unpack reads the entries that are not in the page itself. The program that made the page has escaped all texts in them.
  const unpack = async (script) => {
    const bytes = Uint8Array.from(atob(script.textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  };

  class List {
    constructor(section) {
      this.section = section;
      this.filters = section.dataset.list.split(" ");
      this.box = section.querySelector(".items");
      this.more = section.querySelector(".more");
      this.nothing = section.querySelector(".nothing");
      this.shown = section.querySelector(".shown");
      this.all = [...this.box.children].map((node) => entry(node.outerHTML));
      this.found = this.all;
      this.limit = this.all.length;
      this.more.addEventListener("click", () => { this.limit += step; this.draw(); });
      this.heads = [...section.querySelectorAll("th[data-sort]")];
      for (const th of this.heads) th.querySelector("button").addEventListener("click", () => this.sort(th));
    }

    async load() {
      const script = this.section.querySelector(".rest");
      if (!script) return;
      for (const html of await unpack(script)) this.all.push(entry(html));
      this.limit = step;
    }

    search(words, chosen) {
      const wanted = chosen.filter((key) => this.filters.includes(key.slice(0, 1)));
      this.found = this.all.filter((e) => wanted.every((key) => e.keys.includes(key)) && words.every((w) => e.text.includes(w)));
      this.limit = step;
      this.draw();
      return this.found.length;
    }

    draw() {
      const page = document.createElement("template");
      page.innerHTML = this.found.slice(0, this.limit).map((e) => e.html).join("");
      this.box.replaceChildren(page.content);
      const left = this.found.length - this.limit;
      this.more.hidden = left <= 0;
      this.more.textContent = `Show ${Math.min(step, left)} more of ${left.toLocaleString("en")}`;
      this.nothing.hidden = this.found.length > 0 || this.all.length === 0;
      const total = this.all.length.toLocaleString("en");
      this.shown.textContent = this.found.length === this.all.length ? total : `${this.found.length.toLocaleString("en")} of ${total}`;
      unfold(this.box);
    }

    sort(th) {
      const down = th.getAttribute("aria-sort") !== "descending";
      for (const other of this.heads) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = th.dataset.sort;
      const order = key === "name" ? (a, b) => a.text < b.text ? -1 : a.text > b.text ? 1 : 0
        : key === "class" ? (a, b) => a.keys[0] < b.keys[0] ? -1 : a.keys[0] > b.keys[0] ? 1 : 0
          : (a, b) => numbers(a)[key] - numbers(b)[key];
      this.all.sort(order);
      if (down) this.all.reverse();
      update();
    }
  }

  const lists = [...document.querySelectorAll("[data-list]")].map((s) => new List(s));
  const selects = [...document.querySelectorAll(".tools select")];
  let open = false;
  const unfold = (box) => { if (open) for (const d of box.querySelectorAll("details.item")) d.open = true; };

  const update = () => {
    const begun = performance.now();
    const words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = selects.map((s) => s.value).filter(Boolean);
    const counts = lists.map((l) => `${l.search(words, chosen)} in ${l.section.querySelector("h2").firstChild.textContent.trim()}`);
    $("said").textContent = words.length || chosen.length ? `Matches: ${counts.join(", ")}` : "";
    performance.measure("search", {start: begun, end: performance.now()});
  };

  const reset = () => {
    $("q").value = "";
    for (const s of selects) s.value = "";
    update();
  };

  const copy = async (button) => {
    const code = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      if (!document.execCommand("copy")) return; // the text stays selected
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  // move puts the focus on the next or the previous entry.
  const move = (by) => {
    const all = [...document.querySelectorAll("details.item > summary")];
    const at = all.indexOf(document.activeElement);
    const to = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (to) { to.focus(); to.scrollIntoView({block: "nearest"}); }
  };

  const show = () => {
    const to = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (to && to.tagName === "DETAILS") { to.open = true; to.scrollIntoView(); }
  };

  document.addEventListener("click", (e) => { if (e.target.matches(".copy")) copy(e.target); });
  document.addEventListener("keydown", (e) => {
    if (e.target.matches("input, select") ) {
      if (e.key === "Escape" && e.target.id === "q") { reset(); e.target.blur(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "/") { e.preventDefault(); $("q").focus(); }
    if (e.key === "j") move(1);
    if (e.key === "k") move(-1);
  });
  $("q").addEventListener("input", update);
  for (const s of selects) s.addEventListener("change", update);
  $("reset").addEventListener("click", reset);
  $("fold").addEventListener("click", () => {
    open = !open;
    $("fold").textContent = open ? "Fold all" : "Open all";
    $("fold").setAttribute("aria-pressed", String(open));
    for (const d of document.querySelectorAll("details.item")) d.open = open;
  });
  addEventListener("hashchange", show);
  addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details.item")) d.open = true; });

  document.documentElement.classList.add("js");
  for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;
  show();
  Promise.all(lists.map((l) => l.load())).then(() => {
    if (document.querySelector(".rest")) update();
    document.documentElement.dataset.ready = "yes";
  }).catch((e) => {
    $("said").textContent = `This browser can't unpack the longer lists (${e.message}): each shows its first ${step} entries only.`;
    document.documentElement.dataset.ready = "part";
  });
})();
