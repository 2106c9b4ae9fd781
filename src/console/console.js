// The console works without this file; with it, a few things are quicker.
"use strict";

// A button that copies the text of the element that it names.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.copied;
  });
}

// A board begins with the present on narrow screens: its last column.
for (const board of document.querySelectorAll(".scroll > .board")) board.parentElement.scrollLeft = board.scrollWidth;

// What is wrong with a form is read first, in browsers that focus only fields by themselves, too.
document.querySelector("#errors[autofocus]")?.focus();

// A workbook: dragged onto its field, sent with a bar that shows how far it is. The file stays chosen afterwards.
for (const form of document.querySelectorAll("form[data-upload]")) upload(form);

// Where a form goes; the property of that name is hidden by the buttons that are called so.
function address(form) {
  return new URL(form.getAttribute("action"), document.baseURI).href;
}

function upload(form) {
  const file = form.elements.file;
  const drop = form.querySelector(".drop");
  drop.querySelector(".only-script").hidden = false;
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length > 0) file.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    if (isTooLarge(form)) {
      event.preventDefault();
      return;
    }
    // The marked file is for the browser to keep: an ordinary request.
    if (event.submitter?.value === "mark") return;
    event.preventDefault();
    sendFile(form, new FormData(form, event.submitter));
  });
}

// Says so before anything is sent.
function isTooLarge(form) {
  const [chosen] = form.elements.file.files;
  const large = chosen !== undefined && chosen.size > Number(form.elements.file.dataset.mostBytes);
  form.querySelector(".upload-large").hidden = !large;
  form.elements.file.toggleAttribute("aria-invalid", large);
  if (large) form.elements.file.focus();
  return large;
}

function sendFile(form, data) {
  const words = form.querySelector(".upload-progress label");
  const percent = form.querySelector(".upload-percent");
  const sending = words.textContent;
  const shown = form.querySelector(".upload-progress");
  const failed = form.querySelector(".upload-failed");
  const request = new XMLHttpRequest();
  const buttons = form.querySelectorAll("button");
  const end = () => {
    shown.hidden = true;
    words.textContent = sending;
    shown.querySelector("progress").value = 0;
    for (const button of buttons) button.disabled = false;
  };
  request.open("POST", address(form));
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const sent = Math.floor((100 * event.loaded) / event.total);
    shown.querySelector("progress").value = sent;
    percent.textContent = `${sent}\u00a0%`;
  });
  // All is there; the gateway now checks it, for how long cannot be said.
  request.upload.addEventListener("load", () => {
    words.textContent = words.dataset.checking;
    percent.textContent = "";
    shown.querySelector("progress").removeAttribute("value");
  });
  request.addEventListener("error", () => {
    end();
    failed.hidden = false;
  });
  request.addEventListener("load", () => {
    end();
    if (request.responseURL !== address(form)) window.location.assign(request.responseURL);
    else replaceContent(request.response, form.elements.file.files);
  });
  for (const button of buttons) button.disabled = true;
  failed.hidden = true;
  shown.hidden = false;
  request.send(data);
}

function replaceContent(page, files) {
  const fresh = page.getElementById("content");
  document.getElementById("content").replaceWith(fresh);
  document.title = page.title;
  const form = fresh.querySelector("form[data-upload]");
  if (form) {
    form.elements.file.files = files;
    upload(form);
  }
  (fresh.querySelector("[autofocus]") ?? fresh).focus();
}

// A table: saved by itself a little after each change, and again and again while that fails. What is not saved yet stays
// on this page only: nothing is put into the browser's own storage, which others who use the machine could read.
for (const form of document.querySelectorAll("form[data-table]")) table(form);

const PAUSE = 3000;
const RETRY = 15000;

function table(form) {
  const status = document.querySelector(".saving");
  const state = { changed: false, saving: false, stopped: false, timer: 0 };
  const say = (text, lost) => {
    status.textContent = text;
    status.classList.toggle("lost", lost);
  };
  const later = (pause) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(save, pause);
  };
  async function save() {
    if (!state.changed || state.saving || state.stopped) return;
    state.saving = true;
    state.changed = false;
    say(form.dataset.saving, false);
    const kept = await store(form);
    state.saving = false;
    if (kept.saved) {
      for (const field of document.querySelectorAll("input[name=version]")) field.value = kept.saved.version;
      say(state.changed ? form.dataset.unsaved : `${form.dataset.saved} ${kept.saved.saved}`, false);
      if (state.changed) later(PAUSE);
      return;
    }
    state.changed = true;
    state.stopped = kept.conflict;
    say(kept.conflict ? form.dataset.conflict : form.dataset.lost, true);
    if (!kept.conflict) {
      await renew(form);
      later(RETRY);
    }
  }
  form.addEventListener("input", () => {
    state.changed = true;
    if (state.stopped) return;
    say(form.dataset.unsaved, false);
    later(PAUSE);
  });
  // A button leaves the page only once what was typed has arrived.
  form.addEventListener("submit", async (event) => {
    clearTimeout(state.timer);
    if (state.stopped) {
      state.changed = false;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    const kept = await store(form);
    if (kept.saved || kept.conflict) {
      state.stopped = true;
      form.requestSubmit(button);
      return;
    }
    state.changed = true;
    say(form.dataset.lost, true);
    await renew(form);
    later(RETRY);
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("beforeunload", (event) => {
    if (state.changed || state.saving) event.preventDefault();
  });
  form.addEventListener("keydown", (event) => move(form, event));
}

// What became of a save: the answer, a conflict, or nothing.
async function store(form) {
  const body = new URLSearchParams(new FormData(form));
  body.append("action", "autosave");
  try {
    const answer = await fetch(address(form), { method: "POST", body, redirect: "manual" });
    if (answer.ok) return { saved: await answer.json() };
    return { conflict: answer.status === 409 };
  } catch {
    return { conflict: false };
  }
}

// After another log-in, forms need another token: the one of a page of now.
async function renew(form) {
  try {
    const answer = await fetch("/console/sessions", { redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrf]").value;
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
  } catch {
    // Still no connection: the next try comes by itself.
  }
}

// Up, down and Enter go from row to row.
function move(form, event) {
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  const place = /^r(\d+)c(\d+)$/.exec(event.target.id);
  if (!step || !place) return;
  event.preventDefault();
  document.getElementById(`r${Number(place[1]) + step}c${place[2]}`)?.focus();
}
