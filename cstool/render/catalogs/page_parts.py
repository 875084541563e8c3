"""Head, style and script of the HTML page."""

# The policy holds the page to what it says: nothing is loaded, nothing is sent.
HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1d2330; --soft: #566073; --line: #d5dae3; --page: #fff; --link: #0b57a4 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6e9ef; --soft: #a9b2c3; --line: #3a4252; --page: #14171d; --link: #8ab8f5 }}
}}
html {{ scroll-padding-top: 4.5rem }}
body {{ margin: 0 auto; max-width: 60rem; padding: 0 1rem 4rem; color: var(--ink); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }}
a {{ color: var(--link) }}
h1 {{ font-size: 1.6rem; margin: 1.5rem 0 .5rem }}
h2 {{ margin: 2rem 0 0; border-bottom: 1px solid var(--line) }}
h3 {{ margin: 1.5rem 0 .2rem; font-size: 1.1rem }}
h3 a {{ color: inherit; text-decoration: none }}
h3 a:hover, h3 a:focus {{ text-decoration: underline }}
p {{ margin: 0 }}
#_search {{ position: sticky; top: 0; padding: .6rem 0; background: var(--page); display: flex; gap: .6rem;
  align-items: center }}
#_search label {{ flex: none }}
#_search input {{ font: inherit; padding: .4rem .6rem; flex: 0 1 20rem; min-width: 0 }}
#_count {{ color: var(--soft); white-space: nowrap }}
header {{ display: contents }}
nav a {{ display: inline-block; min-width: 1.5rem; padding: .15rem }}
article:target h3 {{ background: color-mix(in srgb, var(--link) 15%, transparent) }}
dl {{ display: grid; grid-template-columns: 6rem 1fr; gap: .15rem .8rem; margin: .4rem 0 0; font-size: .92rem }}
dt {{ color: var(--soft) }}
dd {{ margin: 0 }}
[hidden] {{ display: none !important }}
@media (max-width: 30rem) {{ dl {{ grid-template-columns: 1fr }} dt {{ margin-top: .3rem }} }}
@media print {{
  :root {{ --ink: #000; --soft: #333; --line: #999; --page: #fff; --link: #000 }}
  #_search, nav {{ display: none !important }}
  html {{ font-size: 9pt }}
  body {{ max-width: none; padding: 0 }}
  article {{ break-inside: avoid }}
  h2, h3 {{ break-after: avoid }}
  a {{ text-decoration: none }}
}}
</style>"""

# Every word must be in an entry; entries whose names hold them all are shown alone where there are any.
SCRIPT = """
(function () {
  var box = document.getElementById("_words"), count = document.getElementById("_count");
  var articles = Array.from(document.querySelectorAll("article"));
  var texts = articles.map(function (one) { return one.dataset.names + " " + one.textContent.toLowerCase(); });
  function holds(text, words) { return words.every(function (word) { return text.includes(word); }); }
  function search() {
    var words = box.value.toLowerCase().split(/\\s+/).filter(Boolean), shown = 0;
    var named = articles.some(function (one) { return holds(one.dataset.names, words); });
    articles.forEach(function (one, i) {
      one.hidden = !holds(named ? one.dataset.names : texts[i], words);
      shown += one.hidden ? 0 : 1;
    });
    document.querySelectorAll("section").forEach(function (section) {
      section.hidden = !section.querySelector("article:not([hidden])");
    });
    count.textContent = words.length ? shown + (shown === 1 ? " term" : " terms") : "";
  }
  function follow() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) { box.value = ""; search(); target.scrollIntoView(); }
  }
  box.addEventListener("input", search);
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", function (event) {
    if (event.target.closest("a[href^='#']")) { setTimeout(follow, 0); }
  });
  document.getElementById("_search").hidden = false;
})();
"""
