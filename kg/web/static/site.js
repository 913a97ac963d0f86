// Enhances pages that work without it: lists that change in place, suggestions while typing, pan and zoom of pictures.
"use strict";

const main = () => document.getElementById("main");
let latest = 0;
let here = location.pathname + location.search;

// Replaces the content of the page by that of another address, and keeps the focus where it was.
async function show(address, push) {
  const turn = ++latest;
  let text;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    text = await answer.text();
  } catch {
    location.assign(address);
    return;
  }
  if (turn !== latest) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) {
    location.assign(address);
    return;
  }
  const focused = document.activeElement;
  const mark = focused && (focused.id || focused.dataset.mark || focused.textContent);
  main().replaceWith(fresh);
  document.title = page.title;
  const other = page.querySelector(".language");
  if (other) document.querySelector(".language").href = other.getAttribute("href");
  if (push) history.pushState({ inPlace: true }, "", address);
  here = location.pathname + location.search;
  enhance();
  const same = [...fresh.querySelectorAll("a, select, button, input")].find((one) => (one.id || one.textContent) === mark);
  if (same) same.focus({ preventScroll: true });
}

const formAddress = (form) => {
  const values = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return form.getAttribute("action") + (values.size ? `?${values}` : "");
};

// Choices of the search change the results in place; anything else is an ordinary link.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".facets a, .chosen a, .results .pages a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (!link.pathname.endsWith("/search")) return;
  event.preventDefault();
  show(link.href, true).then(() => {
    if (link.closest(".pages")) main().scrollIntoView();
  });
});

addEventListener("popstate", (event) => {
  // A jump within the page, as by the skip link, is also reported here and needs nothing.
  if (location.pathname + location.search === here) return;
  if (event.state && event.state.inPlace) show(location.href, false);
  else location.reload();
});

// Lists to choose from act at once; their button is then not needed.
function selects() {
  for (const list of document.querySelectorAll("select[data-submit]")) {
    const form = list.form;
    const button = form.querySelector("button");
    if (button) button.hidden = true;
    list.addEventListener("change", () => show(formAddress(form), true));
  }
}

// Names that begin like what is typed. The list is of links, reached with the arrow keys or with Tab.
function suggestions(input) {
  let list = null;
  let timer = 0;
  const row = input.parentElement;
  const close = () => {
    if (list) list.remove();
    list = null;
  };
  const draw = (found) => {
    close();
    if (!found.length) return;
    list = document.createElement("ul");
    list.className = "suggestions";
    for (const one of found) {
      const link = document.createElement("a");
      link.href = one.href;
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = one.projects;
      link.append(one.label, count);
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    row.append(list);
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    const values = new URLSearchParams({ q: text, lang: document.documentElement.lang });
    try {
      const answer = await fetch(`${input.dataset.suggest}?${values}`);
      if (answer.ok && input.value.trim() === text) draw((await answer.json()).suggestions);
    } catch {
      close();
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  row.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      input.focus();
      return;
    }
    if (!list || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const stops = [input, ...list.querySelectorAll("a")];
    const place = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (stops[place]) {
      event.preventDefault();
      stops[place].focus();
    }
  });
  row.addEventListener("focusout", (event) => {
    if (!row.contains(event.relatedTarget)) close();
  });
}

// Wheel with Ctrl zooms towards the pointer, dragging moves; without these the picture scrolls as before.
function zoom(picture) {
  const whole = picture.viewBox.baseVal;
  const home = [whole.x, whole.y, whole.width, whole.height];
  let view = [...home];
  let drag = null;
  const apply = () => picture.setAttribute("viewBox", view.join(" "));
  picture.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const factor = Math.min(Math.max(event.deltaY > 0 ? 1.15 : 0.87, 0.2), home[2] / view[2]);
    const box = picture.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    view = [view[0] + view[2] * (1 - factor) * across, view[1] + view[3] * (1 - factor) * down, view[2] * factor, view[3] * factor];
    apply();
  }, { passive: false });
  picture.addEventListener("pointerdown", (event) => {
    if (view[2] < home[2] && !event.target.closest("a")) drag = [event.clientX, event.clientY, view[0], view[1]];
  });
  addEventListener("pointermove", (event) => {
    if (!drag) return;
    const scale = view[2] / picture.getBoundingClientRect().width;
    view = [drag[2] - (event.clientX - drag[0]) * scale, drag[3] - (event.clientY - drag[1]) * scale, view[2], view[3]];
    apply();
  });
  addEventListener("pointerup", () => { drag = null; });
}

function enhance() {
  selects();
  document.querySelectorAll("input[data-suggest]").forEach(suggestions);
  document.querySelectorAll("svg[data-zoom]").forEach(zoom);
  const editor = document.querySelector(".editor textarea");
  if (editor) {
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) editor.form.requestSubmit();
    });
  }
}

enhance();
