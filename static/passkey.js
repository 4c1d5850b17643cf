// The button for passkeys appears where the browser has them; what a browser refuses is said on the page.
"use strict";
const button = document.getElementById("passkey_login");
const isAddress = /^[\d.]+$|:/.test(location.hostname);
if (button && window.PublicKeyCredential && !isAddress) button.hidden = false;
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("passkey_problem");
  if (!place) return;
  event.preventDefault();
  place.hidden = false;
  place.textContent = isAddress
    ? `Browsers make no passkeys for an address of digits. Open this page as ${location.protocol}//localhost:${location.port}, or under its name.`
    : "The key was not used: it was cancelled, took too long, or belongs to another site. Try again.";
});
