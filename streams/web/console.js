// Keeps the page current: the stream says that there is a new alert, and the page's own HTML is fetched again.
// Only what changed is replaced, so that a quote somebody opened stays open and the page does not jump.

const REFRESH_MS = 5_000; // Narratives change without an alert.
const SETTLE_MS = 300; // Several messages at once are one refresh.

const connection = document.getElementById("connection");
const name = document.title;
let waiting = null;
let unseen = 0;

function show(state, text) {
  connection.className = state;
  connection.textContent = text;
}

function soon() {
  waiting ??= setTimeout(refresh, SETTLE_MS);
}

async function refresh() {
  waiting = null;
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const list of page.querySelectorAll("[data-list]")) merge(document.getElementById(list.id), list);
  } catch {
    // The stream notices a lost connection, and says so.
  }
}

// Every part of a list has a key and a version. A part whose version is the same is not touched: what is open
// stays open, and what is selected selected.
function merge(old, fresh) {
  const parts = [...fresh.children];
  const wanted = new Map(parts.map((part) => [part.dataset.key, part.dataset.version]));
  const kept = new Map();
  const opened = new Set();
  for (const part of [...old.children]) {
    if (wanted.get(part.dataset.key) === part.dataset.version) {
      kept.set(part.dataset.key, part);
    } else {
      if (part.querySelector("details[open]")) opened.add(part.dataset.key);
      part.remove();
    }
  }
  let place = old.firstElementChild;
  for (const part of parts) {
    const next = kept.get(part.dataset.key) ?? part;
    if (next === part) {
      if (opened.has(part.dataset.key)) part.querySelector("details")?.setAttribute("open", "");
      part.classList.add("fresh");
    }
    if (next === place) place = place.nextElementSibling;
    else old.insertBefore(next, place);
  }
}

function listen() {
  const stream = new EventSource("/api/v1/alerts/stream");
  stream.addEventListener("open", () => {
    show("live", "Live");
    soon();
  });
  stream.addEventListener("message", () => {
    if (document.hidden) document.title = `(${++unseen}) ${name}`;
    soon();
  });
  stream.addEventListener("error", () => {
    show("lost", stream.readyState === EventSource.CLOSED ? "Stopped: reload the page" : "Connecting again …");
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = name;
  soon();
});
setInterval(soon, REFRESH_MS);
listen();
