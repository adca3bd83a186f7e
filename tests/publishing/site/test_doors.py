"""The pages at the root of a site."""

from bs4 import BeautifulSoup

from publishing.site.doors import write_doors


def test_doors_lead_into_the_book(built_sample):
    """The root forwards to the first page; the page of lost links names it, too."""
    site = built_sample / "_build/html"
    for name in ("index.html", "404.html"):
        page = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        assert page.html["lang"] == "en"
        assert page.title.get_text(strip=True)
        for link in page.select("a"):
            assert (site / link["href"]).is_file()
    assert "Refresh" in (site / "index.html").read_text(encoding="utf-8")


def test_site_without_a_root_page_gets_none(tmp_path):
    """There is nowhere to lead to."""
    write_doors(tmp_path, "Title")
    assert list(tmp_path.iterdir()) == []
