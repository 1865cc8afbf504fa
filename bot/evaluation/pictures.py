"""The pictures of a report: SVG that reads on white and on black, the same bytes for the same figures."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.evaluation.metrics import Bin, Operating

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Greys and colours half way between white and black; the ground is left open.
_INK, _GRID, _LINE, _MARK = "#7b8594", "#7b859455", "#3b82f6", "#e0741b"
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "pullquote",
    "svg.fonttype": "none",  # text stays text, and the file small
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _GRID,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
    "path.simplify": True,
}
_SIZE = (5.2, 4.2)
_Z = 1.96


def risk_coverage(curve: Sequence[Operating], threshold: float) -> bytes:
    """Which share of the answers is wrong, by the share that is given; a mark at the threshold."""

    def draw(axes: "Axes") -> None:
        axes.plot(
            [each.coverage for each in curve],
            [each.risk for each in curve],
            color=_LINE,
            marker="o" if len(curve) < 40 else None,
            markersize=3,
        )
        given = [each for each in curve if each.threshold >= threshold]
        if given:
            label = f"at confidence {threshold:g}"
            axes.plot([given[-1].coverage], [given[-1].risk], "D", color=_MARK, label=label)
            axes.legend(loc="best")
        axes.set(xlabel="share of questions answered", ylabel="share of those answers that is wrong")
        axes.set_title("Risk and coverage", fontsize=12)

    return _svg(draw)


def reliability(bins: Sequence[Bin], error: float) -> bytes:
    """How often answers of like confidence are right, in bins of equal mass with 95 % (Wilson) intervals."""

    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=_INK, linestyle="--", linewidth=1, label="as it should be")
        if bins:
            ranges = [_wilson(each) for each in bins]
            axes.errorbar(
                [each.confidence for each in bins],
                [each.right for each in bins],
                yerr=[
                    [each.right - low for each, (low, _) in zip(bins, ranges, strict=True)],
                    [high - each.right for each, (_, high) in zip(bins, ranges, strict=True)],
                ],
                fmt="o-",
                color=_LINE,
                ecolor=_INK,
                elinewidth=1,
                markersize=5,
                label="as it is",
            )
        axes.legend(loc="upper left")
        axes.set(xlabel="mean confidence", ylabel="share right")
        axes.set_title(f"Reliability, calibration error {error:.3f}", fontsize=12)

    return _svg(draw)


def _wilson(bin_: Bin) -> tuple[float, float]:
    """Wilson's interval, which unlike the normal one stays within 0 and 1; made to hold the share."""
    n, p = bin_.count, bin_.right
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * (p * (1 - p) / n + _Z**2 / (4 * n**2)) ** 0.5
    return min(p, middle - half), max(p, middle + half)


def _svg(draw: "Callable[[Axes], None]") -> bytes:
    # Here, not above: only a report has pictures.
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        figure = Figure(figsize=_SIZE, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.02))
        draw(axes)
        out = BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()
