// The link already brought the score. One trusted click, key or touch shows that a person is here; only then is it confirmed.
"use strict";
(() => {
  const form = document.getElementById("rating");
  const status = document.getElementById("status");
  const follow = document.getElementById("follow");
  let confirmed = "confirmed" in form.dataset;
  let timer = 0;
  let newest = 0;
  let last = Promise.resolve();

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const said = page.getElementById("status");
    if (!said) { // another page: somebody else has answered, or the time is over
      document.querySelector("main").replaceWith(page.querySelector("main"));
      return;
    }
    status.textContent = said.textContent;
    document.getElementById("after").replaceChildren(...page.getElementById("after").childNodes);
    form.elements.visit.value = page.querySelector("[name=visit]").value;
  };

  const send = () => {
    clearTimeout(timer);
    timer = 0;
    const mine = ++newest;
    last = last.then(() => {
      const fields = new URLSearchParams(new FormData(form));
      fields.set("comment", form.elements.comment.defaultValue); // words leave by the button only
      return fetch(form.getAttribute("action"), { method: "POST", body: fields, credentials: "same-origin", keepalive: true });
    }).then((answer) => {
      if (answer.status >= 500) throw new Error(answer.status);
      return answer.text();
    }).then((html) => { if (mine === newest && !timer) show(html); }).catch(() => { confirmed = false; });
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(send, 250); // a press of the button follows its own click, and goes first
  };

  const person = (event, kind) => {
    if (!event.isTrusted) return;
    form.elements.evidence.value ||= kind;
    if (confirmed || event.target.closest?.("[type=submit]")) return;
    confirmed = true;
    soon();
  };
  for (const [name, kind] of [["click", "click"], ["keydown", "key"], ["touchend", "touch"]]) {
    document.addEventListener(name, (event) => person(event, kind), { capture: true, passive: true });
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name === "score") {
      status.textContent = form.dataset.chosen.replace("{answer}", target.dataset.shown);
      follow.textContent = target.dataset.follow;
    }
    if (target.name !== "comment" && form.elements.evidence.value) soon();
  });

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = 0;
    event.preventDefault(); // what is on its way arrives before it
    last.finally(() => form.submit());
  });

  addEventListener("pagehide", () => { if (timer) send(); });
})();
