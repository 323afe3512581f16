// The link already brought the score. One trusted click, key or touch shows that a person is here; only then is it confirmed.
"use strict";
(() => {
  const form = document.getElementById("rating");
  const status = document.getElementById("status");
  const follow = document.getElementById("follow");
  const { evidence, visible } = form.elements;
  let confirmed = "confirmed" in form.dataset;
  let timer = 0;
  let newest = 0;
  let failures = 0;
  let last = Promise.resolve();
  let inSight = 0;
  let since = document.hidden ? null : performance.now();

  const rest = document.title.slice(status.textContent.length);

  evidence.value = "script";

  const measure = () => {
    if (since !== null) inSight += performance.now() - since;
    since = document.hidden ? null : performance.now();
    visible.value = Math.round(inSight);
  };

  const say = (words, look) => {
    status.className = look;
    status.textContent = words;
    document.title = words + rest;
  };

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const said = page.getElementById("status");
    if (!said) { // another page: somebody else has answered, or the time is over
      document.title = page.title;
      document.querySelector("main").replaceWith(page.querySelector("main"));
      const heading = document.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
      return;
    }
    say(said.textContent, said.className);
    document.getElementById("after").replaceChildren(...page.getElementById("after").childNodes);
    form.elements.visit.value = page.querySelector("[name=visit]").value;
  };

  const post = () => {
    measure();
    const fields = new URLSearchParams(new FormData(form));
    fields.set("comment", form.elements.comment.defaultValue); // words leave by the button only
    return fetch(form.getAttribute("action"), { method: "POST", body: fields, credentials: "same-origin", keepalive: true });
  };

  const send = () => {
    clearTimeout(timer);
    timer = 0;
    const mine = ++newest;
    last = last.then(post).then((answer) => {
      if (answer.status >= 500) throw new Error(answer.status);
      return answer.text();
    }).then((html) => { if (mine === newest && !timer) show(html); }).catch(() => { // our trouble, or no network: three more tries, and the next touch is another
      confirmed = false;
      if (!timer && failures < 3) timer = setTimeout(send, 3000 * ++failures);
    });
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(send, 250); // a press of the button follows its own click, and goes first
  };

  const leave = () => {
    measure();
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    post().catch(() => { confirmed = false; });
  };

  const person = (event, kind) => {
    if (!event.isTrusted) return;
    if (evidence.value === "script") evidence.value = kind;
    if (confirmed || event.target.closest?.("[type=submit]")) return;
    confirmed = true;
    soon();
  };
  for (const [name, kind] of [["click", "click"], ["keydown", "key"], ["touchend", "touch"]]) {
    document.addEventListener(name, (event) => person(event, kind), { capture: true, passive: true });
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name === "score") {
      say(form.dataset.chosen.replace("{answer}", target.dataset.shown), "");
      follow.textContent = target.dataset.follow;
      for (const link of document.querySelectorAll("nav a")) link.pathname = link.pathname.replace(/\d+$/, target.value);
    }
    if (target.name !== "comment" && evidence.value !== "script") soon();
  });

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = 0;
    event.preventDefault(); // what is on its way arrives before it
    last.finally(() => { measure(); form.submit(); });
  });

  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else measure(); });
  addEventListener("pagehide", leave);
})();
