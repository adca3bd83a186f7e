"""Making a built site light: what no reader's browser needs is taken out, pictures are packed.

It works on the copy that readers get, after Sphinx is done (see `publishing.site.build`). Nothing
that a page shows changes, but that operators and numbers in code have the colour of names.
"""

import html
import io
import logging
import re
import shutil
import zlib

import numpy as np
from fontTools import subset
from PIL import Image

from publishing.sphinx_extension.mathjax import PARTS as PARTS_OF_MATHJAX

from .drawing_files import lay_out, tag
from .unused_styles import trim_styles

# Loaded on every page by the theme: icons as scripts beside the icon font, and the search index.
ICON_SCRIPT = re.compile(r"[ \t]*<script[^>]*/scripts/fontawesome\.js[^>]*></script>\n?")
# Of Bootstrap's script the pages use its tips alone, and browsers show titles by themselves.
TIPS_SCRIPT = re.compile(
    r"[ \t]*(?:<script[^>]*/scripts/bootstrap\.js[^>]*></script>"
    r"|<link[^>]*/scripts/bootstrap\.js[^>]*>)\n?"
)
TIP = re.compile(r""" data-bs-(?:toggle=["']tooltip["']|placement=["']\w+["'])""")
NOT_A_TIP = re.compile(r"""data-bs-toggle=["'](?!tooltip)|id="pst-collapse-sidebar-button""")
SEARCH_SCRIPT = re.compile(
    r"[ \t]*<script[^>]*(?:/searchtools|/language_data|/?searchindex)\.js[^>]*></script>\n?"
)
# Names, brackets and blanks of code have the colour of all code: their marks change nothing.
# Operators and numbers get it, too: the marks of theirs are 60 kB of a chapter.
PLAIN_CODE = re.compile(r'<span class="(?:[npwo]|nn|m|mb|mf|mh|mi|mo|il)">([^<]*)</span>')
# Marks of one colour get the name of the first: strings and their parts, what is built in,
# keywords, names of functions, comments.
ONE_COLOUR = (
    *("s s1 s2 sa sb sc sd se si dl", "nb nd kt"),
    *("k kc kd kn kp kr ow ne", "nf fm nc no", "c c1 ch cm cs"),
)
NAME_OF_COLOUR = {name: names.split()[0] for names in ONE_COLOUR for name in names.split()}
MARK = re.compile(rf'<span class="({"|".join(NAME_OF_COLOUR)})">([^<]*)</span>')
# Numbers in a list, or lines of one string, are marked one by one in the same way.
SAME_AGAIN = re.compile(r"(<i class=(\w\w?)>)[^<]*</i>(?:\s*<i class=\2>[^<]*</i>)+")
# Sphinx marks the words of code within a line one by one. One word needs no mark, nor do words that
# are short together: a line does not break between them.
CODE_IN_LINE = re.compile(
    r'<code class="([^"]*\bliteral\b[^"]*)">((?:<span class="pre">[^<]*</span>\s*)+)</code>'
)
SHORT_CODE = 28
# A line may break between a formula and the stop or comma behind it, unless both are held together.
STOPPED = re.compile(r'<span class="math nohighlight">[^<]*</span>[)\]]*[,.;:?!’”]+[)\]]*')
# Blank lines and indentation show in these elements alone.
AS_TYPED = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)
INDENTATION = re.compile(r"\s*\n\s*")
PICTURE = re.compile(r'<img\b(?![^>]*\bloading=)([^>]*?\bsrc="([^"]+\.(?:png|svg))"[^>]*?)\s*/?>')

# A picture gets the fewest of these numbers of colours with which its mean difference stays below
# the first limit, of 255, and no colour of many pixels moves by more than the second.
COLOURS = (48, 64, 80, 96, 128, 192, 256)
INVISIBLE = 0.6
INVISIBLE_OF_A_COLOUR = 12
MANY = 50


def lighten(site, packed):
    """Make a built site light.

    Parameters
    ----------
    site : Path
        The folder of the site; its files are changed.
    packed : Path
        A folder to keep packed pictures in, for the next time.
    """
    drawn = lay_out(site, packed)
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        page.write_text(_light_page(text, page, drawn), encoding="utf-8")
    trim_styles(site, packed)
    _remove_unused(site)
    for font in sorted((site / "_static" / "mathjax").rglob("*.woff")):
        _unhint(font, packed)
    for picture in sorted((site / "_images").glob("*.png")):
        _pack(picture, packed)


def _light_page(text, page, drawn):
    text = ICON_SCRIPT.sub("", text)
    if page.name != "search.html":
        text = SEARCH_SCRIPT.sub("", text)
    text = without_tips(text)
    text = PLAIN_CODE.sub(r"\1", text).replace(' notranslate nohighlight"', ' nohighlight"')
    text = CODE_IN_LINE.sub(code_in_line, text).replace(' title="Link to this heading"', "")
    text = STOPPED.sub(r'<span class="nw">\g<0></span>', text)
    text = unindented(marked_once(text))
    return PICTURE.sub(lambda match: _lazy(match, page, drawn), text)


def code_in_line(match):
    """Write a match of `CODE_IN_LINE` with no more marks than it needs."""
    words = re.sub(r"</?span[^>]*>", "", match[2])
    if len(html.unescape(words)) <= SHORT_CODE:
        return f'<code class="{match[1]} short">{words}</code>'
    return match[0] if " " in words else f'<code class="{match[1]}">{words}</code>'


def without_tips(text):
    """Leave Bootstrap's script out of a page that uses nothing of it but tips.

    Parameters
    ----------
    text : str
        A page.

    Returns
    -------
    str
        The page, whose tips are titles.
    """
    if NOT_A_TIP.search(text):
        return text
    text = TIP.sub("", TIPS_SCRIPT.sub("", text))
    return text.replace(' data-bs-title="', ' title="')


def marked_once(text):
    """Mark neighbours in code together that have the same colour, and in few letters.

    Parameters
    ----------
    text : str
        A page.

    Returns
    -------
    str
        The page, which looks as it did.
    """

    def join(match):
        words = match[0].replace(match[1], "").replace("</i>", "")
        return f"{match[1]}{words}</i>"

    short = MARK.sub(lambda mark: f"<i class={NAME_OF_COLOUR[mark[1]]}>{mark[2]}</i>", text)
    return SAME_AGAIN.sub(join, short)


def unindented(text):
    """Take out blank lines and indentation where they do not show.

    Parameters
    ----------
    text : str
        A page.

    Returns
    -------
    str
        The page, which looks as it did.
    """
    parts = AS_TYPED.split(text)
    # In turn: text between such elements, an element, its name.
    kept = [INDENTATION.sub("\n", between) for between in parts[::3]]
    elements = [*parts[1::3], ""]
    return "".join(a + b for a, b in zip(kept, elements, strict=True))


def _lazy(match, page, drawn):
    """Load a picture when it is scrolled to, and keep its place free until then."""
    path = page.parent / match[2]
    if path.name in drawn:
        return tag(match[1], match[2], drawn[path.name])
    size = ""
    if path.suffix == ".png" and path.is_file() and "width=" not in match[1]:
        with Image.open(path) as picture:
            size = ' width="{}" height="{}"'.format(*picture.size)
    return f'<img loading="lazy" decoding="async"{size}{match[1]} />'


def _remove_unused(site):
    static = site / "_static"
    for path in static.rglob("*.map"):
        path.unlink()
    shutil.rmtree(static / "locales", ignore_errors=True)
    (static / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    mathjax = static / "mathjax"
    for path in mathjax.rglob("*"):
        name = path.relative_to(mathjax).as_posix()
        if path.is_file() and not name.startswith(PARTS_OF_MATHJAX):
            path.unlink()
    for folder in sorted((f for f in mathjax.rglob("*") if f.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _unhint(font, packed):
    """Take out of a font of formulas what coarse screens of old had of it: an eighth."""
    kept = packed / "fonts" / f"{zlib.crc32(font.read_bytes()):x}-{font.name}"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        options = subset.Options(
            layout_features=[],
            hinting=False,
            drop_tables=["FFTM"],
            name_IDs=["*"],
            notdef_outline=True,
            flavor="woff",
        )
        made = subset.load_font(font, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=made.getBestCmap())
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every table
        subsetter.subset(made)
        subset.save_font(made, kept, options)
    shutil.copyfile(kept, font)


def _pack(picture, packed):
    """Pack a picture; its name is a digest of its content, so that it is packed once."""
    kept = packed / f"{COLOURS[0]} to {COLOURS[-1]} colours" / picture.name
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(smaller(picture.read_bytes()))
    shutil.copyfile(kept, picture)


def smaller(content):
    """Return a PNG in fewer bytes, where nobody sees the difference.

    Parameters
    ----------
    content : bytes
        A PNG file.

    Returns
    -------
    bytes
        The picture in few colours; the content as it was if that shows, or is not smaller.
    """
    with Image.open(io.BytesIO(content)) as opened:
        original = opened.convert("RGBA")
    if original.getextrema()[3] == (255, 255):
        original = original.convert("RGB")
        method = Image.Quantize.MEDIANCUT
    else:
        method = Image.Quantize.FASTOCTREE
    for colours in COLOURS:
        few = original.quantize(colours, method=method, kmeans=2, dither=Image.Dither.NONE)
        if not _shows(original, few.convert(original.mode)):
            buffer = io.BytesIO()
            few.save(buffer, "PNG", optimize=True)
            return min(buffer.getvalue(), content, key=len)
    return content


def _shows(original, packed):
    """Tell whether somebody would see the difference between two pictures of a mode."""
    before, after = (np.asarray(picture).astype(int) for picture in (original, packed))
    difference = np.abs(before - after)
    names = before @ 256 ** np.arange(before.shape[2])  # of each pixel's colour, as one number
    _, colour, pixels = np.unique(names, return_inverse=True, return_counts=True)
    often = pixels[colour.reshape(names.shape)] >= MANY
    return bool(
        difference.mean(axis=(0, 1)).max() > INVISIBLE
        or difference[often].max(initial=0) > INVISIBLE_OF_A_COLOUR
    )
