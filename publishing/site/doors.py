"""Two small pages at the root of a site.

One leads to the first page; the other is what a web server shows where there is no page.
"""

import html
import re

LEADS_TO = re.compile(r"url=([^\"]+)\"")
STYLE = (
    "body{font:1.125rem/1.6 Charter,Cambria,Georgia,serif;margin:15vh auto;max-width:34rem;"
    "padding:0 1rem;color-scheme:light dark;background:Canvas;color:CanvasText}"
    "a{color:LinkText}h1{font:650 1.6rem/1.2 system-ui,sans-serif}"
)
# The page is shown at any address: its links are made from the root of the site, which is what
# stands before the first folder of the book.
ROOTED = (
    "const at=location.pathname.search(/\\/(book|_static|_images|_downloads)(\\/|$)/);"
    "const root=at<0?'./':location.pathname.slice(0,at+1);"
    "for(const link of document.links)link.href=root+link.getAttribute('href');"
)
# As on the pages of the book: light or dark as the reader's system is.
FOLLOWS = (
    "const dark=matchMedia('(prefers-color-scheme: dark)');"
    "const follow=()=>document.documentElement.dataset.theme=dark.matches?'dark':'light';"
    "dark.addEventListener('change',follow);follow();"
)


def write_doors(site, title):
    """Write both pages.

    Parameters
    ----------
    site : Path
        The folder of a built site, whose ``index.html`` leads to its first page.
    title : str
        Of the book.
    """
    index = site / "index.html"
    found = LEADS_TO.search(index.read_text(encoding="utf-8")) if index.is_file() else None
    if not found:
        return
    first, name = found[1], html.escape(title)
    forward = f'<meta http-equiv="Refresh" content="0; url={first}" />\n'
    words = f'<p><a href="{first}">Open the book</a></p>\n'
    index.write_text(_page(name, forward, name, words), encoding="utf-8")
    words = (
        "<p>There is no such page here. It may have been renamed since the link was written.</p>\n"
        f'<p><a href="{first}">The first page</a>, <a href="search.html">search</a>,'
        f' <a href="genindex.html">index</a></p>\n<script>{ROOTED}{FOLLOWS}</script>\n'
    )
    lost = _page(f"Not found – {name}", "", f"Not in {name}", words)
    (site / "404.html").write_text(lost, encoding="utf-8")


def _page(title, head, heading, body):
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n{head}'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<link rel="icon" href="data:," />\n'  # or a browser asks the host for one of its own
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{heading}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
