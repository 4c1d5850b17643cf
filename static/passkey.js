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
  const here = `${location.protocol}//localhost:${location.port}`;
  place.textContent = isAddress ? place.dataset.digits.replace("ADDRESS", here) : place.dataset.unused;
});
