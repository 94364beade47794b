"""What a wrong number is made of: the products it contains, measured by varying the inputs.

The functions of most exercises give sums of products of their inputs. On some more inputs of the
smallest case, solving a linear system tells which products the student's number contains, and with
which factor, beside those that it should contain. For maxima one pixel after the other is raised:
which outputs follow? Nothing is said unless the sum found gives the student's numbers exactly.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from course_lib.student_error import StudentError

MOST_TERMS = 90
EXACT = 1e-6


@dataclass(frozen=True)
class Sum:
    """A wrong number beside the right one: where, what they are, what they are made of.

    yours, expected  {product: factor}; a product is a tuple of (array, index) pairs, () is 1
    """

    name: str
    index: tuple
    yours: dict
    expected: dict


def wrong_sum(player, t, name):
    """The Sum of the first wrong number of result `name` in the case t, or None.

    Raises Enough if the budget is used up.
    """
    world = player.world
    right = np.asarray(player.expected(t)[name], float)
    if name not in world.terms:
        return None
    products = _products(world, t, name)
    if len(products) > MOST_TERMS:
        return None
    rows, yours, expected = [], [], []
    varied = {array for names in world.terms[name] for array in names}
    if world.varied is not None:
        varied &= set(world.varied)
    rng = np.random.default_rng(9)
    for _ in range(len(products) + 5):
        case = t | {array: rng.uniform(1, 2, t[array].shape) * rng.choice([-1, 1], t[array].shape)
                    for array in varied}
        case = type(t)(case)
        try:
            value = (player.results(case) or {}).get(name)
        except StudentError:
            return None
        value = np.asarray(value, float) if _is_numeric(value) else None
        if value is None or value.shape != right.shape:
            return None
        rows.append([np.prod([case[a][i] for a, i in product]) for product in products])
        yours.append(value.ravel())
        expected.append(np.asarray(player.expected(case)[name], float).ravel())
    mine = _solved(rows, yours, products)
    due = _solved(rows, expected, products)
    if mine is None or due is None:
        return None
    for k, index in enumerate(np.ndindex(right.shape)):
        if mine[k] is not None and due[k] is not None and not _same(mine[k], due[k]):
            return Sum(name, tuple(map(int, index)), mine[k], due[k])
    return None


def _is_numeric(value):
    return isinstance(value, (int, float, np.number)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biuf")


def _products(world, t, name):
    return [tuple(zip(names, places, strict=True)) for names in world.terms[name]
            for places in itertools.product(*(np.ndindex(t[a].shape) for a in names))]


def _solved(rows, values, products):
    """For each number {product: factor}, or None where no such sum gives it exactly."""
    rows, values = np.array(rows), np.array(values)
    if not np.isfinite(values).all():
        return None
    factors = np.linalg.lstsq(rows, values, rcond=None)[0]
    exact = np.abs(rows @ factors - values).max(axis=0) < EXACT
    return [{p: float(f) for p, f in zip(products, column, strict=True) if abs(f) > EXACT}
            if right else None for column, right in zip(factors.T, exact, strict=True)]


def _same(a, b):
    return a.keys() == b.keys() and all(abs(a[key] - b[key]) < 1e-5 for key in a)


def sentences(found, t):
    """What there is to say of a Sum: (what yours is, what differs, the right sum), as texts."""
    where = found.name.removeprefix("the ") + (str(list(found.index)) if found.index else "")
    yours = f"your {where} = {_sum(found.yours, t)}"
    right = f"expected {where} = {_sum(found.expected, t)}"
    missing = [p for p in found.expected if p not in found.yours]
    extra = [p for p in found.yours if p not in found.expected]
    both = [p for p in found.expected if p in found.yours]
    factors = {}
    for p in both:
        factors.setdefault(round(found.yours[p] / found.expected[p], 4), []).append(p)
    told = []
    if missing:
        told.append(f"yours has no {_listed(missing)}")
    if extra:
        told.append(f"yours has {_listed(extra, found.yours)}, which "
                    f"{'does' if len(extra) == 1 else 'do'} not belong there")
    for factor, products in factors.items():
        if factor != 1:
            whole = len(factors) == 1 and not extra and len(both) > 1
            verb = "is" if whole or len(products) == 1 else "are"
            told.append(f"{'all of it' if whole else _listed(products)} {verb} counted {factor:g} "
                        "times")
    return yours, "; ".join(told), right


def _product(p):
    return " * ".join(f"{a}[{', '.join(map(str, index))}]" if index else a for a, index in p) or "1"


def _listed(products, factors=None):
    texts = [_product(p) if p or factors is None else f"{factors[p]:.4g}" for p in products[:4]]
    return ", ".join(texts) + (f" and {len(products) - 4} more" if len(products) > 4 else "")


def _sum(terms, t):
    if not terms:
        return "0, whatever the inputs are"
    parts = []
    for p, factor in itertools.islice(terms.items(), 8):
        product = _product(p)
        parts.append(product if abs(factor - 1) < 1e-5 else f"{factor:.4g}" if not p else
                     f"{factor:.4g} * {product}")
    more = f" + ... ({len(terms)} products)" if len(terms) > 8 else ""
    value = sum(f * np.prod([t[a][i] for a, i in p]) for p, f in terms.items())
    return f"{' + '.join(parts)}{more}" + (f" = {value:g}" if any(terms) else "")


def followed(player, t, name):
    """For maxima: the Sum of the first output that follows the wrong pixels, or None."""
    low = min(0.0, float(t["x"].min())) - 1
    top = float(t["x"].max()) + 10 - low

    def maxima(get):
        first = np.asarray(get(t), float)
        found = [set() for _ in range(first.size)]
        for index in np.ndindex(t["x"].shape):
            raised = t["x"].copy()
            raised[index] = top
            values = np.asarray(get(type(t)(t, x=raised)), float)
            if values.shape != first.shape:
                return None, None
            for k in np.flatnonzero(values.ravel() == top):
                found[k].add(("x", index))
        return first, found

    try:
        yours, mine = maxima(lambda case: (player.results(case) or {}).get(name, np.nan))
    except (StudentError, TypeError, ValueError):
        return None
    right, due = maxima(lambda case: player.expected(case)[name])
    if yours is None or yours.shape != right.shape:
        return None
    for k, index in enumerate(np.ndindex(right.shape)):
        largest = max((t[a][i] for a, i in mine[k]), default=None)
        if mine[k] != due[k] and largest is not None and largest == yours[index]:
            return (f"your {name}{list(index)} is the largest of {_pixels(mine[k])}",
                    f"expected: the largest of {_pixels(due[k])}")
    return None


def _pixels(pixels):
    texts = [f"{a}{list(index)}" for a, index in sorted(pixels)]
    return ", ".join(texts[:9]) + (f" and {len(texts) - 9} more" if len(texts) > 9 else "")


def formula(player, tries, name):
    """({expression: factor} of the student's number, of the right one) of a world of settings.

    None if no such formula gives the numbers of all tries that are not refused. The values are
    asked for once more, within the budget.
    """
    world, rows, yours, expected = player.world, [], [], []
    code = [compile(text, "formula", "eval") for text in world.formula]
    for t in tries:
        if len(rows) == len(code) + 12:
            break
        due = player.expected(t)
        if isinstance(due, ValueError) or not _is_numeric(due[name]):
            continue
        try:
            value = (player.results(t) or {}).get(name)
        except StudentError:
            continue
        if not _is_numeric(value):
            return None
        rows.append([eval(one, {}, dict(t)) for one in code])
        yours.append([float(value)])
        expected.append([float(due[name])])
    if len(rows) < len(code) + 4 or np.linalg.matrix_rank(np.array(rows, float)) < len(code):
        return None
    names = world.formula
    mine, due = _solved(rows, yours, names), _solved(rows, expected, names)
    if mine is None or mine[0] is None or due[0] is None or _same(mine[0], due[0]):
        return None
    # Other numbers are what many terms happen to fit, and no formula that anybody has written.
    plain = all(abs(4 * factor - round(4 * factor)) < 1e-4 for factor in mine[0].values())
    return (mine[0], due[0]) if plain else None


def formula_text(factors):
    """{expression: factor} in words: "2 * K + 1"."""
    parts = []
    for text, factor in factors.items():
        size = abs(factor)
        part = f"{size:.4g}" if text == "1" else text if abs(size - 1) < EXACT else (
            f"{size:.4g} * {text}")
        parts.append(("- " if factor < 0 else "+ ") + part)
    joined = " ".join(parts) or "0"
    return joined.removeprefix("+ ").replace("- ", "-", 1) if joined.startswith("- ") else (
        joined.removeprefix("+ "))
