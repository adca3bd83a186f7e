"""Whole numbers beyond 32 bits, as students make them: what numpy must give in the page, too."""

EXPRESSIONS = """
np.arange(100_000).sum()
np.arange(3)
np.array([1, 2]).dtype
np.array([2**31, 1])
np.array(5).dtype
np.zeros(3, dtype=int).dtype
np.ones((2, 2), int).dtype
np.full(3, 7).dtype
np.array([1e10, 2.5]).astype(int)
np.array([1.5]).astype("int")
np.array([1, 2, 3], dtype="int")
np.asarray([1], dtype=np.int_)
np.linspace(0, 1e10, 3, dtype=int)
np.fromiter(range(3), int)
np.fromfunction(lambda i, j: i + j, (2, 2), dtype=int)
np.eye(2, dtype=int)
np.indices((2, 2)).dtype
np.meshgrid([1, 2], [3])[0].dtype
np.iinfo(int).max
np.dtype("int"), np.dtype("uint"), np.int_, np.uint
isinstance(np.array([1])[0], np.int_)
np.array([1]).dtype == int, np.issubdtype(np.array([1]).dtype, int)
np.sum([2**30] * 4)
np.cumsum([2**31 - 1, 5])
np.cumprod([2**16] * 3)
np.prod(np.arange(1, 15))
np.ones(3, bool).sum().dtype
np.ones(3, np.int8).sum().dtype
np.ones(3, np.uint8).sum().dtype
np.ones(3, np.int32).cumsum().dtype
np.ones(3, np.uint32).prod().dtype
np.ones(3, bool).cumsum().dtype
np.mean(np.array([2**31 - 1] * 3))
np.trace(np.array([[2**31 - 1, 0], [0, 1]]))
np.diff(np.array([0, 2**33]))
np.ptp([0, 2**33])
np.nansum([2**31, 2**31])
np.add(2**30, 2**30)
np.add(2**31 - 1, 1)
np.multiply(100_000, 100_000)
np.power(10, 10)
np.left_shift(1, 40)
np.square(100_000)
np.negative(5).dtype
np.abs(-(2**31))
np.floor_divide(7, 2).dtype
np.bitwise_or(1, 2).dtype
np.array([1, 2, 3]) ** 20
np.array([True]) * 2**40
2 * np.array([True, False]) - 1
(np.ones(3, bool) * 1).dtype
np.outer([100_000, 2], [100_000, 1])
np.dot([100_000], [100_000])
np.array([100_000]) @ np.array([100_000])
np.einsum("i,i", np.array([100_000]), np.array([100_000]))
np.kron([100_000], [100_000])
np.cross([100_000, 0, 0], [0, 100_000, 0])
np.vander([1000], 5)
np.polyval([100_000, 0], 100_000)
np.convolve([100_000, 1], [100_000, 1])
np.linalg.matrix_power(np.array([[10]]), 12)
np.vectorize(lambda v: v * 100_000)([100_000, 1])
np.apply_along_axis(np.sum, 0, [[2**31, 2], [2**31, 3]])
np.count_nonzero([1, 2]) * 3_000_000_000
np.count_nonzero([[1, 2]], axis=1).dtype
np.bincount([0, 1, 1])
np.bincount(np.array([0, 1, 1])).dtype
np.bincount([0, 1], weights=[1.0, 2])
np.histogram([1, 2, 3])[0].dtype
[part.dtype for part in np.unique([3, 1], True, True, True)]
np.unique(np.array([1, 2], np.int32)).dtype
np.argsort([3, 1, 2]).dtype, np.array([3, 1, 2]).argsort().dtype
np.argmax([1, 2]).dtype, np.array([[1, 5]]).argmin(axis=1).dtype
np.nonzero([1, 0, 2]), np.where([1, 0])
np.where([1, 0], 1, 2).dtype, np.where([1, 0], np.int32(1), np.int32(2)).dtype
np.searchsorted([1, 2], [1]).dtype, np.digitize([1], [0, 2]).dtype
np.searchsorted(np.array([3, 1, 2]), 2, sorter=np.array([1, 2, 0]))
np.lexsort(([1, 2], [3, 4])).dtype, np.argpartition([3, 1, 2], 1).dtype
np.tril_indices(2), np.argwhere([1, 2])
np.repeat([1, 2], np.array([2, 3]))
np.choose(np.array([0, 1]), [[1, 2], [3, 4]])
np.take([5, 6], np.array([1, 0]))
np.add.reduceat(np.arange(8), np.array([0, 4]))
np.split(np.arange(6), np.array([2, 4]))
np.ravel_multi_index((np.array([1]), np.array([1])), (3, 3))
np.unravel_index(np.array([4]), (3, 3))
np.partition(np.arange(5), np.array([1]))
np.insert(np.arange(3), np.array([1]), 9), np.delete(np.arange(3), np.array([1]))
np.zeros(np.array([2, 3])).shape, np.arange(6).reshape(np.array([2, 3])).shape
np.array([5, 3])[np.argsort([2, 1])], np.eye(3)[np.array([0, 2])]
np.take_along_axis(np.array([[3, 1]]), np.argsort([[3, 1]]), 1)
np.random.default_rng(0).permutation(4), np.random.default_rng(0).choice(4, 3, replace=False)
np.random.default_rng(0).integers(0, 2**40, 2), np.random.default_rng(2).integers(np.array([5, 6]))
np.random.default_rng(0).binomial(np.array([5, 6]), 0.5)
np.random.default_rng(0).multinomial(np.array([5, 6]), [0.5, 0.5])
np.random.RandomState(0).randint(0, 50_000, 3) ** 2, np.random.RandomState(0).permutation(5)
np.random.RandomState(0).binomial(np.array([5, 6]), 0.5)
np.random.RandomState(0).poisson(3, 3), np.random.RandomState(0).multinomial(10, [0.5, 0.5])
np.random.RandomState(0).choice(10, 3, replace=False)
(np.random.seed(0), np.random.randint(0, 9, 3), np.random.poisson(3, 2), np.random.choice(5, 2))
""".strip().splitlines()

COUNTED = (
    "def correlation(y, p):\n"
    "    tp, tn = np.sum(y & p), np.sum(~y & ~p)\n"
    "    fp, fn = np.sum(~y & p), np.sum(y & ~p)\n"
    "    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)\n"
    "    return (tp * tn - fp * fn) / np.sqrt(below)\n"
)
# An answer, and a test: both right and wrong ones, whose numbers pass 2**31 on the way.
ANSWERS = [
    ("def total(n):\n    return np.arange(n).sum()", "assert total(100_000) == 4_999_950_000"),
    ("def total(n):\n    return np.arange(n).sum()", "assert total(100_000) == 704_982_704"),
    (
        "def total(n):\n    return np.cumsum(np.ones(n, dtype=int) * 50_000)[-1]",
        "assert total(50_000) == 2_500_000_000",
    ),
    (
        "def sum_of_squares(x):\n    return np.sum(np.array(x) ** 2)",
        "assert sum_of_squares([50_000, 60_000]) == 6_100_000_000",
    ),
    (
        "def product(x):\n    return np.prod(np.asarray(x).astype(int))",
        "assert product([1e5, 1e5]) == 10**10",
    ),
    (
        "def filled(n):\n    out = np.zeros(2, dtype=int)\n    out[0] = n\n    return out * n",
        "assert filled(100_000)[0] == 10**10",
    ),
    (COUNTED, "y = np.arange(1000) % 2 == 0; assert np.isclose(correlation(y, y), 1)"),
    (COUNTED, "y = np.arange(1000) % 3 == 0; assert not np.isclose(correlation(y, ~y), 1)"),
    (
        "def pairs(labels):\n    n = np.bincount(labels)\n    return (n * (n - 1) // 2).sum()",
        "assert pairs(np.zeros(100_000, dtype=int)) == 4_999_950_000",
    ),
    (
        "def squared_counts(x):\n    return (np.unique(x, return_counts=True)[1] ** 2).sum()",
        "assert squared_counts(np.zeros(100_000)) == 10**10",
    ),
    (
        "def rank_sum(scores):\n    return (np.argsort(np.argsort(scores)) + 1).sum()",
        "assert rank_sum(np.linspace(0, 1, 70_000)) == 2_450_035_000",
    ),
    (
        "def last_index_squared(x):\n    return np.argmax(x) * np.argmax(x)",
        "assert last_index_squared(np.arange(60_000)) == 59_999**2",
    ),
    (
        "def wrong_on_purpose(n):\n    return np.int32(n) * np.int32(n)",
        "with np.errstate(over='ignore'): assert wrong_on_purpose(100_000) == 10**10",
    ),
]
