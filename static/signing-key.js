// Passkeys: the one thing here that only a script can ask for. Without it the other ways to sign remain.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const button = form.querySelector("button[data-ask]");
  const told = form.querySelector("[data-told]");
  const say = (text) => { told.textContent = text; told.hidden = !text; };
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
  if (!able) {
    say(form.dataset.unable);
    return;
  }
  button.hidden = false;

  const ask = async () => {
    const body = new FormData(form);
    const answer = await fetch(form.dataset.passkey, { method: "POST", body, headers: { Accept: "application/json" } });
    const options = await answer.json().catch(() => ({ problem: form.dataset.silent }));
    if (!answer.ok) throw new Error(options.problem || form.dataset.refused);
    if (form.dataset.act === "create") {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
  };

  button.addEventListener("click", async () => {
    const agreed = form.querySelector("input[name=agreed]");
    if (agreed && !agreed.reportValidity()) return;
    say("");
    button.disabled = true;
    try {
      const credential = await ask();
      form.querySelector("input[name=answer]").value = JSON.stringify(credential.toJSON());
      const way = document.createElement("input");
      way.type = "hidden";
      way.name = form.dataset.act === "create" ? "kind" : "way";
      way.value = "passkey";
      form.append(way);
      form.submit();
    } catch (error) {
      button.disabled = false;
      const refused = error.name === "NotAllowedError" || error.name === "AbortError";
      say(refused ? form.dataset.unused : error.message);
    }
  });
})();
