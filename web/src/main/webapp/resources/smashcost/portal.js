"use strict";

/* What the pages do by themselves: the theme, the age of rows, the live refresh, the drawer, copying. */
(() => {
  const root = document.documentElement;
  const THEMES = new Set(["light", "dark"]);

  /* theme: the system's, unless someone chose another */

  const remember = (theme) => {
    document.cookie = `smashcost-theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax` +
      (location.protocol === "https:" ? "; Secure" : "");
  };

  const theme = () => root.dataset.theme ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  const switchTheme = () => {
    const other = theme() === "dark" ? "light" : "dark";
    root.dataset.theme = other;
    remember(other);
  };

  /* signing out clears the cookie with all others, so the address hands the choice over once */
  const keepTheme = () => {
    const address = new URL(location.href);
    if (address.searchParams.has("theme")) {
      if (THEMES.has(root.dataset.theme)) {
        remember(root.dataset.theme);
      }
      address.searchParams.delete("theme");
      history.replaceState(history.state, "", address);
    }
  };

  /* how long ago a row began, under a day */

  const ago = (milliseconds) => {
    const seconds = Math.floor(milliseconds / 1000);
    if (seconds < 5) return "now";
    if (seconds < 60) return `${seconds} s ago`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
    return `${Math.floor(seconds / 3600)} h ago`;
  };

  const age = () => {
    for (const time of document.querySelectorAll("#requests time")) {
      const passed = Date.now() - Date.parse(time.dateTime);
      const words = ago(passed);
      if (passed < 86400000 && time.textContent !== words) {
        time.textContent = words;
      }
    }
  };

  /* live refresh: stops when paused, when the tab is hidden, and never draws what did not change */

  const live = {
    wanted: true,
    widget: () => window.PrimeFaces && window.PrimeFaces.widgets.poll,
    button: () => document.getElementById("live"),
    apply() {
      const button = live.button();
      const widget = live.widget();
      if (!button || !widget) return;
      button.setAttribute("aria-pressed", String(live.wanted));
      button.querySelector(".label").textContent = live.wanted ? "Live" : "Paused";
      const run = live.wanted && !document.hidden;
      if (run && !widget.isActive()) {
        widget.start();
      } else if (!run && widget.isActive()) {
        widget.stop();
      }
    },
    answered(ok) {
      const button = live.button();
      if (!button || !live.wanted) return;
      button.classList.toggle("lost", !ok);
      button.querySelector(".label").textContent = ok ? "Live" : "Reconnecting";
    },
  };

  /* the drawer of one request, whose id is in the address */

  const drawer = {
    current: () => document.querySelector("[data-drawer]"),
    opener: null,
    open(id) {
      const table = document.getElementById("requests");
      drawer.opener = id;
      history.replaceState(history.state, "", table.dataset.open + id);
      drawer.mark(id);
      window.openRequest([{ name: "id", value: id }]);
    },
    shown() {
      const title = document.getElementById("drawer-title");
      if (title) title.focus();
    },
    close() {
      const open = drawer.current();
      if (!open) return;
      const id = open.dataset.drawer;
      history.replaceState(history.state, "", document.getElementById("close").href);
      open.remove();
      drawer.mark(null);
      const row = document.querySelector(`tr[data-request-id="${id}"] a.row`);
      if (row) row.focus();
    },
    mark(id) {
      for (const row of document.querySelectorAll("tr[data-request-id]")) {
        row.classList.toggle("open", row.dataset.requestId === id);
      }
    },
  };

  /* rows: one stop for the tab key, arrows between them */

  const rows = {
    links: () => [...document.querySelectorAll("#requests a.row")],
    single(focused) {
      const links = rows.links();
      const stop = focused || links.find((link) => link.tabIndex === 0) || links[0];
      for (const link of links) {
        link.tabIndex = link === stop ? 0 : -1;
      }
    },
    move(from, key) {
      const links = rows.links();
      const at = links.indexOf(from);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[key];
      const link = links[Math.max(0, Math.min(links.length - 1, to))];
      rows.single(link);
      link.focus();
    },
  };

  /* after the log was drawn again: put back what the reader was at, say what is new */

  const watchLog = () => {
    if (!document.getElementById("log")) return;
    const ids = () => [...document.querySelectorAll("tr[data-request-id]")].map((row) => row.dataset.requestId);
    const link = (id) => document.querySelector(`tr[data-request-id="${id}"] a.row`);
    let body = document.querySelector("#requests tbody");
    let known = new Set(ids());
    let focused = null;
    document.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr[data-request-id]");
      focused = row && row.dataset.requestId;
    });
    new MutationObserver(() => {
      const drawn = document.querySelector("#requests tbody");
      if (drawn === body) return;
      body = drawn;
      const now = ids();
      const fresh = now.filter((id) => !known.has(id)).length;
      known = new Set(now);
      const at = focused && link(focused);
      rows.single(at);
      if (at && document.activeElement === document.body) {
        at.focus({ preventScroll: true });
      }
      const open = drawer.current();
      drawer.mark(open && open.dataset.drawer);
      age();
      if (fresh > 0) {
        document.getElementById("news").textContent = fresh === 1 ? "1 new request" : `${fresh} new requests`;
      }
    }).observe(document.getElementById("content"), { childList: true, subtree: true });
  };

  /* copying */

  const copy = async (button) => {
    const source = button.dataset.copyFrom;
    const text = source ? document.getElementById(source).textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      button.querySelector("use").setAttribute("href", "#i-done");
      say("Copied");
    } catch {
      say("Copying is not allowed here: select the text instead");
    }
    setTimeout(() => button.querySelector("use").setAttribute("href", "#i-copy"), 1500);
  };

  let saying = 0;
  const say = (words) => {
    const toast = document.getElementById("toast");
    toast.textContent = words;
    clearTimeout(saying);
    saying = setTimeout(() => { toast.textContent = ""; }, 2500);
  };

  /* events */

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("#theme")) return switchTheme();
    if (target.closest("#live")) {
      live.wanted = !live.wanted;
      return live.apply();
    }
    const copier = target.closest("[data-copy], [data-copy-from]");
    if (copier) return void copy(copier);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain) return;
    if (target.closest("#close")) {
      event.preventDefault();
      return drawer.close();
    }
    if (target.closest("#older, #newest")) {
      document.getElementById("log").classList.add("busy");
      return;
    }
    const row = target.closest("tr[data-request-id]");
    if (row && String(getSelection()) === "") {
      event.preventDefault();
      drawer.open(row.dataset.requestId);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return drawer.close();
    const link = event.target.closest && event.target.closest("#requests a.row");
    if (link && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      rows.move(link, event.key);
    }
  });

  document.addEventListener("visibilitychange", live.apply);

  const start = () => {
    keepTheme();
    rows.single();
    age();
    setInterval(age, 5000);
    watchLog();
    const open = drawer.current();
    drawer.mark(open && open.dataset.drawer);
    /* PrimeFaces makes its widgets after the document is ready */
    const waiting = setInterval(() => {
      if (live.widget()) {
        clearInterval(waiting);
        live.apply();
      }
    }, 50);
    setTimeout(() => clearInterval(waiting), 5000);
  };

  window.SmashCost = { drawn: drawer.shown, answered: live.answered };

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
