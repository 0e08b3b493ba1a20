// What the pages do beyond HTML. Every page works without it. It holds no state and builds no markup; htmx, where the build has it,
// exchanges parts of pages by itself.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const typing = (e) => e.target.closest("input, textarea, select, [contenteditable]");

  // Keys, unless the person has switched them off. "?" shows them.
  if (document.documentElement.dataset.keys !== "no") {
    document.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || $(":popover-open")) return;
      if (e.key === "?") {
        e.preventDefault();
        $("#keys")?.showPopover();
        return;
      }
      const at = $(`[data-key="${CSS.escape(e.key)}"]`);
      if (!at) return;
      e.preventDefault();
      if (at.matches("a, button, summary")) at.click();
      else at.focus();
    });
  }

  // A drop zone hands what is dropped to the file field in it, and says its name.
  document.addEventListener("dragover", (e) => {
    const zone = e.target.closest("[data-drop]");
    if (!zone) return;
    e.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (e) => e.target.closest("[data-drop]")?.classList.remove("over"));
  document.addEventListener("drop", (e) => {
    const zone = e.target.closest("[data-drop]");
    if (!zone) return;
    e.preventDefault();
    zone.classList.remove("over");
    const field = $("input[type=file]", zone);
    if (!field || !e.dataTransfer.files.length) return;
    field.files = e.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    $("button[type=submit]", zone.closest("form"))?.focus();
  });

  // A slider shows its value while it moves, and a number field beside it goes along.
  document.addEventListener("input", (e) => {
    const twin = e.target.dataset?.twin && document.getElementById(e.target.dataset.twin);
    if (twin) twin.value = e.target.value;
  });

  // A form that is all one choice is sent when the choice is made; its button is for those without scripts.
  document.addEventListener("change", (e) => {
    const form = e.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });

  // A list is filtered by what is typed: [data-filter=ID] over the children of ID that have data-words.
  document.addEventListener("input", (e) => {
    const list = e.target.dataset?.filter && document.getElementById(e.target.dataset.filter);
    if (!list) return;
    const words = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of list.querySelectorAll("[data-words]")) {
      item.hidden = !words.every((w) => item.dataset.words.includes(w));
      if (!item.hidden) shown++;
    }
    for (const group of list.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    const count = document.getElementById(e.target.dataset.count);
    if (count) count.textContent = count.dataset.text.replace("#", shown);
    const none = document.getElementById(e.target.dataset.none);
    if (none) none.hidden = shown > 0;
  });

  // A draft outlives a reload: [data-draft=NAME] keeps its text in this tab until its form is taken.
  const draft = (field) => "draft:" + field.dataset.draft;
  const restore = () => {
    for (const field of document.querySelectorAll("[data-draft]")) {
      if (!field.value) field.value = sessionStorage.getItem(draft(field)) ?? "";
    }
  };
  restore();
  document.addEventListener("input", (e) => {
    if (e.target.dataset?.draft) sessionStorage.setItem(draft(e.target), e.target.value);
  });
  document.addEventListener("submit", (e) => {
    for (const field of e.target.querySelectorAll("[data-draft]")) sessionStorage.removeItem(draft(field));
  });

  // Ctrl and Enter send what is being written; a line end is Enter alone.
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches("textarea[data-draft]")) {
      e.preventDefault();
      e.target.form.requestSubmit($("button[type=submit]", e.target.form));
    }
  });

  // A link to a place inside what is closed opens it.
  document.addEventListener("click", (e) => {
    const link = e.target.closest('a[href^="#"]');
    const closed = link && document.getElementById(link.hash.slice(1))?.closest("details:not([open])");
    if (closed) closed.open = true;
  });

  // Print and copy.
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-print]")) window.print();
    const copy = e.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(document.getElementById(copy.dataset.copy)?.innerText ?? "").then(() => speak(copy.dataset.done));
  });
  // What only makes sense with scripts appears, and what only makes sense without htmx goes (.without-scripts).
  const appear = () => {
    for (const e of document.querySelectorAll("[data-scripted]")) e.hidden = false;
  };
  appear();
  document.addEventListener("htmx:after:swap", () => {
    appear();
    restore();
  });
  if (window.htmx) document.documentElement.classList.add("enhanced");

  // Streamed text is read out a sentence at a time: each is a new element of the live region.
  const voice = $("#voice");
  let rest = "";
  const speak = (text) => {
    if (!voice || !text?.trim()) return;
    const p = document.createElement("p");
    p.textContent = text.trim();
    voice.append(p);
    while (voice.children.length > 20) voice.firstElementChild.remove();
  };
  document.addEventListener("gapwise:text", (e) => {
    const said = e.detail.data ? JSON.parse(e.detail.data) : e.detail; // a stream's events carry JSON
    rest += said.text;
    const sentences = rest.split(/(?<=[.!?…:])\s+|\n+/);
    rest = sentences.pop();
    sentences.forEach(speak);
    if (said.end) {
      speak(rest);
      rest = "";
    }
  });

  // Steps of something that takes a while are read out as they come, and end at an address of ours.
  document.addEventListener("gapwise:step", (e) => speak(e.detail.data));
  document.addEventListener("gapwise:go", (e) => {
    const to = new URL(e.detail.data, location.href);
    if (to.origin === location.origin) location.assign(to);
  });
})();
