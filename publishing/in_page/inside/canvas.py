"""matplotlib's backend in the page: what is shown goes below the cell as a picture."""

from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

from . import runner

__all__ = ["FigureCanvas", "show"]


def show(*args, **kwargs):
    """Show every open figure now."""
    runner.show_figures()
