"""Did more customers move up than down, or can that be chance? The exact sign test (Arbuthnot 1710; Conover, 3.4)."""

from cx_domain.student_t import regularised_incomplete_beta


def two_sided_p(up: int, down: int) -> float | None:
    """The chance of so uneven a split, or a more uneven one, if either way were as likely; None where nobody moved."""
    n, fewer = up + down, min(up, down)
    if n == 0:
        return None
    # The binomial distribution's sum up to `fewer`, of which the incomplete beta function is the closed form (DLMF 8.17.5).
    return min(1.0, 2 * regularised_incomplete_beta(n - fewer, fewer + 1, 0.5))
