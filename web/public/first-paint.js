// Runs before the first paint, as a file because the content security policy forbids inline script:
// sets the colour scheme and language of <html>, so that nobody sees a white flash in the dark.
(function () {
  var root = document.documentElement;
  try {
    var scheme = localStorage.getItem("jishi_scheme");
    if (scheme !== "light" && scheme !== "dark") {
      scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    }
    root.dataset.scheme = scheme;
    var lang = localStorage.getItem("jishi_lang");
    if (lang === "en") root.lang = "en";
    if (lang === "zh") root.lang = "zh-CN";
  } catch (error) {
    root.dataset.scheme = "light";
  }
})();
