"""Plain data over a socket. What arrives is decoded, never unpickled, never executed.

A frame is 8 bytes of total length, 4 bytes of header length, a JSON header and the raw bytes of
the arrays one after the other. In the header None, bool, int, float and str stand for themselves;
everything else is an object with one tag:

    l list   t tuple   d dict   z complex   b bytes   a array   s NumPy scalar
    q fraction: numerator and denominator          m decimal number: its digits as text
    h handle: an object that stays in the sandbox      c callback: a function of the judge's

A frame has a total of bytes, its header a total of bytes and of parts. A buffer belongs to one
array: what a frame decodes to is never much larger than the frame.
"""

import collections
import decimal
import fractions
import functools
import itertools
import json
import math
import numbers
import re
import socket
import struct

import numpy as np

MAX_FRAME = 64 * 2**20
MAX_HEADER = 8 * 2**20
MAX_DEPTH = 40
MAX_NODES = 200_000
# Brackets, braces and commas of a header outside of texts: each can become an object.
MAX_PARTS = 500_000
_TEXT_OR_MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|[,:\[{]', re.DOTALL)
# Numbers and tuples with one hash can be made at will, and a dict of them takes quadratic time.
_MAX_SAME_HASH = 16
_DTYPES = frozenset("biufc")
# Most of what crosses: they stand for themselves, and need not be asked what else they might be.
_PLAIN = frozenset((type(None), bool, float, str))
_ONE = _PLAIN | {int}
_WORD = 2**63
_ENCODER, _DECODER = json.JSONEncoder(ensure_ascii=False), json.JSONDecoder()
# A float holds no larger numbers: what is larger is of no use to a comparison, and slow.
_MAX_BITS, _MAX_DIGITS = 1023, 300
_MAX_WHOLE_BITS = 13_000  # Python reads whole numbers of up to 4300 digits from text
_DECIMAL = re.compile(r"-?[0-9]*\.?[0-9]*(?:E[+-]?[0-9]{1,4})?")


class WireError(Exception):
    """The other side sent something that is no message of this protocol."""


class Closed(Exception):
    """The other side is gone."""


class Encoder:
    """Turns values into header trees and buffers.

    `opaque(value)` is called for what is no plain data and returns its tagged header.
    """

    def __init__(self, opaque):
        self.opaque = opaque
        self.buffers = []

    def encode(self, value, depth=0):
        kind = type(value)
        if kind in _PLAIN or kind is int and -_WORD < value < _WORD:
            return value
        if kind is np.ndarray:
            return self._array(value, "a")
        if isinstance(value, str):
            return str(value)
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "s")
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value), "a")
        if isinstance(value, int):
            return self._whole(int(value), value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, complex):
            return {"z": [value.real, value.imag]}
        if isinstance(value, (bytes, bytearray)):
            self.buffers.append(bytes(value))
            return {"b": len(self.buffers) - 1}
        if isinstance(value, (decimal.Decimal, numbers.Real)):
            return self._real(value)
        if depth < MAX_DEPTH:
            if isinstance(value, tuple):
                return {"t": [self.encode(v, depth + 1) for v in value]}
            if isinstance(value, list):
                return {"l": [self.encode(v, depth + 1) for v in value]}
            if isinstance(value, dict):
                pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)]
                         for k, v in value.items()]
                return {"d": pairs}
        return self.opaque(value)

    def _whole(self, number, value):
        return number if number.bit_length() <= _MAX_WHOLE_BITS else self.opaque(value)

    def _real(self, value):
        """Real numbers that are none of Python's int and float: fractions, decimals, others."""
        if isinstance(value, numbers.Integral):
            return self._whole(int(value), value)
        if isinstance(value, numbers.Rational):
            parts = int(value.numerator), int(value.denominator)
            fits = max(part.bit_length() for part in parts) <= _MAX_BITS
            return {"q": list(parts)} if fits else self.opaque(value)
        if isinstance(value, decimal.Decimal) and value.is_finite():
            text = str(value)
            fits = len(text) <= _MAX_DIGITS and abs(value.adjusted()) <= _MAX_DIGITS
            return {"m": text} if fits else self.opaque(value)
        return math.nan if value != value else float(value)

    def _array(self, array, tag):
        if array.dtype.kind not in _DTYPES:
            return self.opaque(array)
        # A transposed array stays one: whoever counts on the order in memory is to meet it.
        order = ["F"] if array.flags.fnc else []
        self.buffers.append(array.tobytes(*order))
        return {tag: [array.dtype.str, list(array.shape), len(self.buffers) - 1, *order]}


class Decoder:
    """Turns header trees back into values; `opaque(tag, content)` resolves handles and callbacks.

    Everything is checked: unknown tags, depth, number of nodes, dtypes, sizes. Each buffer can be
    used once.
    """

    def __init__(self, buffers, opaque):
        self.buffers = list(buffers)
        self.opaque = opaque
        self.nodes = 0

    def decode(self, node, depth=0):
        self.nodes += 1
        if depth > MAX_DEPTH + 2 or self.nodes > MAX_NODES:
            raise WireError("a value is nested too deeply or has too many parts")
        kind = type(node)
        if kind in _ONE:
            return node
        if kind is not dict or len(node) != 1:
            raise WireError("malformed value")
        tag, content = next(iter(node.items()))
        try:
            if tag == "l":
                return [self.decode(v, depth + 1) for v in _list(content)]
            if tag == "t":
                return tuple(self.decode(v, depth + 1) for v in _list(content))
            if tag == "d":
                return _dict([(self.decode(k, depth + 1), self.decode(v, depth + 1))
                              for k, v in (_list(pair) for pair in _list(content))])
            if tag == "z":
                return complex(*content)
            if tag == "b":
                return bytes(self._buffer(content))
            if tag in ("a", "s"):
                return self._array(content, tag)
            if tag == "q":
                return _fraction(*_list(content))
            if tag == "m":
                return _decimal(content)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise WireError(f"malformed value: {type(error).__name__}") from None
        return self.opaque(tag, content)

    def _buffer(self, index):
        if not isinstance(index, int) or not 0 <= index < len(self.buffers):
            raise WireError("malformed buffer number")
        buffer, self.buffers[index] = self.buffers[index], None
        if buffer is None:
            raise WireError("one buffer for two arrays")
        return buffer

    def _array(self, content, tag):
        dtype_text, shape, index, *order = _list(content)
        if order not in ([], ["F"]):
            raise WireError("malformed array order")
        short = isinstance(dtype_text, str) and len(dtype_text) <= 8
        dtype = _dtype(dtype_text) if short else None
        if dtype is None or dtype.kind not in _DTYPES or dtype.fields or len(_list(shape)) > 32:
            raise WireError("malformed array type")
        for n in shape:
            if type(n) is not int or n < 0:
                raise WireError("malformed array shape")
        data = self._buffer(index)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("array size and shape differ")
        array = np.frombuffer(data, dtype=dtype).reshape(shape, order=order[0] if order else "C")
        array = array.copy(order="K")
        return array[()] if tag == "s" else array


@functools.lru_cache(64)
def _dtype(text):
    return np.dtype(text)


def _fraction(numerator, denominator):
    for part in (numerator, denominator):
        if type(part) is not int or part.bit_length() > _MAX_BITS:
            raise WireError("malformed fraction")
    return fractions.Fraction(numerator, denominator)


def _decimal(text):
    if not isinstance(text, str) or len(text) > _MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise WireError("malformed decimal number")
    number = decimal.Decimal(text)
    if abs(number.adjusted()) > _MAX_DIGITS:
        raise WireError("malformed decimal number")
    return number


def _list(value):
    if not isinstance(value, list):
        raise WireError("malformed value")
    return value


def _dict(pairs):
    if len(pairs) > _MAX_SAME_HASH:
        same = collections.Counter(hash(key) for key, _ in pairs)
        if max(same.values()) > _MAX_SAME_HASH:
            raise WireError("a dict of keys with one hash")
    return dict(pairs)


def arrays_in(value):
    """The arrays in nested plain data, in one fixed order."""
    found = []
    _gather(value, found)
    return found


def _gather(value, found):
    if isinstance(value, np.ndarray):
        found.append(value)
    elif isinstance(value, (list, tuple)):
        for one in value:
            if type(one) not in _ONE:
                _gather(one, found)
    elif isinstance(value, dict):
        for one in value.values():
            if type(one) not in _ONE:
                _gather(one, found)


def send(sock, header, buffers=()):
    """Send one frame. Raises Closed if nobody reads, WireError if it is too large."""
    # As UTF-8, in which also half a surrogate pair gets through, and text stays as short as it is.
    head = _ENCODER.encode([header, [len(b) for b in buffers]]).encode("utf-8", "surrogatepass")
    total = 4 + len(head) + sum(map(len, buffers))
    for size, largest in ((total, MAX_FRAME), (len(head), MAX_HEADER)):
        if size > largest:
            raise WireError(f"a message of {size >> 20} MiB; at most {largest >> 20} MiB can cross")
    try:
        sock.sendall(struct.pack(">QI", total, len(head)) + head + b"".join(buffers))
    except (BrokenPipeError, ConnectionResetError):
        raise Closed from None


def receive(sock, wait=None, kept=None):
    """(header, buffers) of the next frame. `wait(sock)` is called where reading has to wait.

    kept  a bytearray, the same with each call: what came along of the next frames is kept there,
          and where several have come, they are read together

    Raises Closed at the end of the stream and WireError for a malformed frame.
    """
    total, head_length = struct.unpack(">QI", _read(sock, 12, wait, kept))
    if not 4 <= total <= MAX_FRAME or head_length > min(total - 4, MAX_HEADER):
        raise WireError("malformed frame")
    body = _read(sock, total - 4, wait, kept)
    head = bytes(body[:head_length])
    if _has_too_many_parts(head):
        raise WireError("a header of too many parts")
    try:
        header, lengths = _DECODER.decode(head.decode("utf-8", "surrogatepass"))
    except (ValueError, TypeError, RecursionError):
        raise WireError("malformed header") from None
    if not isinstance(lengths, list) or not all(type(n) is int and n >= 0 for n in lengths):
        raise WireError("malformed frame")
    if sum(lengths) != len(body) - head_length:
        raise WireError("malformed frame")
    buffers, at = [], head_length
    for length in lengths:
        buffers.append(body[at:at + length])
        at += length
    return header, buffers


def _has_too_many_parts(head):
    """True if more objects than MAX_PARTS would be made of a header; none is made to find out."""
    if len(head) <= MAX_PARTS or sum(map(head.count, (b",", b":", b"[", b"{"))) <= MAX_PARTS:
        return False
    # So many, but perhaps in texts, which are one part each.
    marks = (True for found in _TEXT_OR_MARK.finditer(head) if head[found.start()] != ord('"'))
    return next(itertools.islice(marks, MAX_PARTS, None), False)


def _read(sock, count, wait, kept):
    """The next bytes, as a view. Room is taken as they come, not as they are announced."""
    read = bytearray()
    if kept:
        read += kept[:count]
        del kept[:count]
    flags = socket.MSG_DONTWAIT if wait else 0
    while len(read) < count:
        most = min(count - len(read), 2**20)
        try:
            chunk = sock.recv(most if kept is None else max(most, 2**16), flags)
        except BlockingIOError:
            wait(sock)
            continue
        except ConnectionResetError:
            raise Closed from None
        if not chunk:
            raise Closed
        if len(chunk) > most:
            kept += chunk[most:]
            chunk = chunk[:most]
        read += chunk
    return memoryview(read)
