"""A whole network: gradients against the definition of the derivative, saving, loading, errors."""

import json

import numpy as np
import pytest

from course_lib.networks.network import (
    Affine,
    BatchNorm,
    Conv,
    Dropout,
    GlobalAvgPool,
    Local,
    Network,
    Pool,
    ReLU,
)
from course_lib.reference.gradients import numerical_gradient, relative_error
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy

SHAPE = (2, 7, 6)
EVERY_LAYER = [
    Conv(4, (2, 3), pad=1, groups=2),
    BatchNorm(),
    ReLU(),
    Pool(2),
    Local(3, 3, pad=1),
    ReLU(),
    Pool((2, 1), stride=1, kind="l2"),
    Dropout(0.3),
    Conv(5, 2, dilation=2, pad=1),
    Pool(2, stride=1, kind="avg"),
    Affine(6),
    BatchNorm(),
    ReLU(),
    Affine(3),
]
TO_THE_MEAN = [Conv(5, 3, pad=1), ReLU(), Conv(3, 1), GlobalAvgPool()]


def batch(count=5, seed=1, shape=SHAPE, classes=3):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, *shape)), rng.integers(classes, size=count)


@pytest.mark.parametrize("layers", [EVERY_LAYER, TO_THE_MEAN], ids=["every layer", "global mean"])
@pytest.mark.parametrize("train", [True, False], ids=["training", "testing"])
def test_gradients_of_all_parameters(layers, train):
    net = Network(SHAPE, layers, seed=3, dtype=np.float64)
    x, y = batch()

    def loss(**settings):
        return net.loss(x, y, train=train, rng=np.random.default_rng(5), **settings)

    _, grads = loss()
    assert grads.keys() == net.params.keys()
    for name, w in net.params.items():

        def loss_with(changed, w=w):
            kept = w.copy()
            w[...] = changed
            value = loss()[0]
            w[...] = kept
            return np.array(value)

        expected = numerical_gradient(loss_with, w, np.array(1.0))
        # A bias in front of batch normalisation changes nothing: both gradients are then noise.
        if np.abs(expected).max() < 1e-8:
            assert np.abs(grads[name]).max() < 1e-12, name
        else:
            assert relative_error(grads[name], expected) < 1e-6, name


@pytest.mark.parametrize("last", ["relu1", "local1", None])
def test_gradient_of_any_unit_with_respect_to_the_image(last):
    net = Network(SHAPE, EVERY_LAYER, seed=3, dtype=np.float64)
    x, _ = batch(2)
    out, caches = net.forward(x, last=last)
    dout = np.random.default_rng(2).standard_normal(out.shape)
    dx, grads = net.backward(dout, caches)
    expected = numerical_gradient(lambda x: net.forward(x, last=last)[0], x, dout)
    assert relative_error(dx, expected) < 1e-6
    assert ("affine2.w" in grads) == (last is None)


@pytest.mark.parametrize("first", [Conv(4, 3), Local(4, 3)], ids=["conv", "local"])
def test_the_loss_leaves_out_only_the_gradient_of_the_images(first):
    net = Network(SHAPE, [first, ReLU(), Affine(3)], seed=3)
    x, y = batch()
    scores, caches = net.forward(x, train=True)
    dx, grads = net.backward(softmax_cross_entropy(scores, y)[1], caches)
    assert dx.shape == x.shape
    _, learned = net.loss(x, y, train=True)
    assert learned.keys() == grads.keys() == net.params.keys()
    for name, gradient in grads.items():
        assert np.array_equal(learned[name], gradient), name


def test_a_network_is_its_layers_one_after_the_other():
    net = Network(SHAPE, TO_THE_MEAN, seed=2)
    x, y = batch(300)
    found = net.activations(x)
    assert list(found) == ["conv1", "relu1", "conv2", "globalavgpool1"] == net.names
    assert found["conv1"].shape == (300, 5, 7, 6)
    assert (found["relu1"] == np.maximum(found["conv1"], 0)).all()
    w, b = net.params["conv2.w"][:, :, 0, 0], net.params["conv2.b"]
    by_hand = np.einsum("fc,nchw->nf", w, found["relu1"]) / 42 + b
    np.testing.assert_allclose(net.scores(x), by_hand, rtol=1e-4, atol=1e-5)
    assert (net.predict(x) == net.scores(x).argmax(axis=1)).all()
    loss, accuracy = net.evaluate(x, y)
    assert loss == softmax_cross_entropy(net.scores(x), y)[0]
    assert accuracy == np.mean(net.predict(x) == y)


def test_settings_reach_their_layers():
    shapes = [a.shape[1:] for a in Network(SHAPE, EVERY_LAYER).activations(batch(1)[0]).values()]
    assert shapes == [
        (4, 8, 6), (4, 8, 6), (4, 8, 6), (4, 4, 3), (3, 4, 3), (3, 4, 3), (3, 3, 3), (3, 3, 3),
        (5, 3, 3), (5, 2, 2), (6,), (6,), (6,), (3,),
    ]  # fmt: skip
    strided = Network(SHAPE, [Conv(4, (3, 2), stride=2), Local(3, 2, stride=1), Pool((2, 1), 1)])
    shapes = [a.shape[1:] for a in strided.activations(batch(1)[0]).values()]
    assert shapes == [(4, 3, 3), (3, 2, 2), (3, 1, 2)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_stays_of_one_type(dtype):
    net = Network(SHAPE, EVERY_LAYER, dtype=dtype)
    x, y = batch()
    _, grads = net.loss(x, y, train=True, rng=np.random.default_rng(0))
    arrays = [*net.params.values(), *net.running.values(), *grads.values(), net.scores(x)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_a_seed_decides_the_start():
    first, same, other = (Network(SHAPE, EVERY_LAYER, seed=seed).params for seed in (1, 1, 2))
    assert all((first[name] == same[name]).all() for name in first)
    assert (first["conv1.w"] != other["conv1.w"]).any()


def test_the_start_keeps_the_variance():
    net = Network((8, 20, 20), [Conv(64, 5), ReLU(), Conv(64, 3), ReLU(), Conv(64, 3)], seed=0)
    x = np.random.default_rng(0).standard_normal((4, 8, 20, 20))
    found = net.activations(x)
    power = [float(np.mean(found[name] ** 2)) for name in ("conv1", "conv2", "conv3")]
    assert power == pytest.approx([2, 2, 2], rel=0.35)


def test_one_layer_may_stand_in_several_places():
    conv = Conv(2, 3, pad=1)
    net = Network(SHAPE, [conv, ReLU(), conv, Affine(3)])
    assert (net.params["conv1.w"] != net.params["conv2.w"]).any()


def test_empty_batches():
    net = Network(SHAPE, EVERY_LAYER)
    x, y = batch(0)
    assert net.scores(x).shape == (0, 3)
    assert net.predict(x).shape == (0,)
    assert net.evaluate(x, y) == (0.0, 0.0)
    loss, grads = net.loss(x, y, train=True, rng=np.random.default_rng(0))
    assert loss == 0
    assert not any(gradient.any() for gradient in grads.values())


class TestSavingAndLoading:
    @pytest.fixture
    def net(self):
        """A network with running averages of its own."""
        net = Network(SHAPE, EVERY_LAYER, seed=4)
        net.forward(batch(20)[0], train=True, rng=np.random.default_rng(0))
        return net

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_predictions_are_the_same_to_the_byte(self, tmp_path, dtype):
        net = Network(SHAPE, EVERY_LAYER, seed=4, dtype=dtype)
        x, _ = batch(20)
        net.forward(x, train=True, rng=np.random.default_rng(0))
        net.save(tmp_path / "net.npz")
        loaded = Network.load(tmp_path / "net.npz")
        assert loaded.scores(x).tobytes() == net.scores(x).tobytes()
        assert loaded.dtype == dtype
        assert loaded.layers == net.layers
        assert loaded.names == net.names
        assert not (loaded.running["batchnorm1.mean"] == 0).any()

    def test_the_file_is_the_same_to_the_byte(self, net, tmp_path):
        net.save(tmp_path / "one.npz")
        Network.load(tmp_path / "one.npz").save(tmp_path / "two.npz")
        assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()

    def test_the_name_is_taken_as_it_is(self, net, tmp_path):
        net.save(str(tmp_path / "my network"))
        assert [path.name for path in tmp_path.iterdir()] == ["my network"]

    def test_a_failure_half_way_leaves_the_older_file(self, net, tmp_path, monkeypatch):
        path = tmp_path / "net.npz"
        net.save(path)
        before = path.read_bytes()

        def disk_full(file, **arrays):
            file.write(b"half")
            raise OSError("No space left on device")

        monkeypatch.setattr(np, "savez", disk_full)
        with pytest.raises(OSError, match="No space left"):
            net.save(path)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_who_is_reading_the_older_file_reads_it_to_its_end(self, net, tmp_path):
        path = tmp_path / "net.npz"
        net.save(path)
        before = path.read_bytes()
        with path.open("rb") as reader:
            Network(SHAPE, [Affine(3)]).save(path)
            assert reader.read() == before
        assert path.read_bytes() != before

    def test_what_is_no_network(self, net, tmp_path):
        path = tmp_path / "net.npz"
        net.save(path)
        whole = path.read_bytes()
        with np.load(path) as stored:
            arrays = dict(stored)
        words = json.loads(str(arrays["network"]))

        def fails():
            with pytest.raises(ValueError, match="net.npz holds no network \\(.*load a file") as e:
                Network.load(path)
            assert "\n" not in str(e.value)

        for content in (b"", b"not a network", whole[: len(whole) // 2], whole[:-30]):
            path.write_bytes(content)
            fails()
        path.unlink()
        fails()
        np.save(path.open("wb"), np.zeros(3))
        fails()
        np.savez(path, **{name: array for name, array in arrays.items() if name != "network"})
        fails()
        np.savez(path, **{name: array for name, array in arrays.items() if name != "conv1.w"})
        fails()
        np.savez(path, **arrays | {"conv1.w": np.zeros((4, 1, 3, 2), np.float32)})
        fails()
        for wrong in (
            {"layers": [{"layer": "Path"}]},
            {"layers": [{"layer": "Affine", "size": 3}]},
            {"layers": [{"layer": "Affine", "units": -1}]},
            {"layers": "Affine"},
            {"dtype": "object"},
            {"input_shape": [2]},
        ):
            np.savez(path, **arrays | {"network": np.array(json.dumps(words | wrong))})
            fails()

    def test_a_pickle_is_never_run(self, net, tmp_path):
        class Trap:
            def __reduce__(self):
                return (tmp_path.joinpath("sprung").touch, ())

        path = tmp_path / "net.npz"
        net.save(path)
        with np.load(path) as stored:
            arrays = dict(stored)
        trap = np.empty(1, object)
        trap[0] = Trap()
        np.savez(path, **arrays | {"network": trap})
        with pytest.raises(ValueError, match="holds no network"):
            Network.load(path)
        assert not (tmp_path / "sprung").exists()

    def test_a_snapshot_is_a_copy(self, net):
        x, _ = batch()
        snapshot, before = net.snapshot(), net.scores(x)
        for w in net.params.values():
            w += 1
        net.forward(x + 3, train=True, rng=np.random.default_rng(0))
        assert (net.scores(x) != before).any()
        net.restore(snapshot)
        assert (net.scores(x) == before).all()
        net.forward(x + 3, train=True, rng=np.random.default_rng(0))
        net.restore(snapshot)
        assert (net.scores(x) == before).all()


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda: Network(SHAPE, [Conv(4, 8)]), "conv1, Conv.*a window that spans 8 does not fit"),
        (lambda: Network(SHAPE, [ReLU(), Conv(4, 3, stride=2)]), "conv1.*not an integer"),
        (lambda: Network(SHAPE, [Conv(4, 3, groups=3)]), "conv1.*cannot be split into 3 groups"),
        (lambda: Network(SHAPE, [Conv(4, 3, groups=0)]), "conv1.*groups is 0"),
        (lambda: Network(SHAPE, [Conv(0, 3)]), "conv1.*filters is 0"),
        (lambda: Network(SHAPE, [Conv(4, (3, 0))]), "conv1.*size is 0"),
        (lambda: Network(SHAPE, [Conv(4, (3, 3, 3))]), "one number or \\(height, width\\)"),
        (lambda: Network(SHAPE, [Affine(0)]), "affine1.*units is 0"),
        (lambda: Network(SHAPE, [Affine(4), Conv(4, 1)]), "conv1.*must be \\(N, C, H, W\\)"),
        (lambda: Network(SHAPE, [Affine(4), Local(4, 1)]), "local1.*must be \\(N, C, H, W\\)"),
        (lambda: Network(SHAPE, [Local(0, 3)]), "local1.*filters is 0"),
        (lambda: Network(SHAPE, [Dropout(1)]), "dropout1.*p is 1"),
        (lambda: Network(SHAPE, ["relu"]), "'relu' is no layer; choose from Conv"),
        (lambda: Network(SHAPE, [ReLU]), "is no layer"),
        (lambda: Network((2, 0, 6), []), "size is 0"),
        (lambda: Network((2, 7), []), "input_shape is \\(2, 7\\); it must be \\(C, H, W\\)"),
        (lambda: Network(SHAPE, [Dropout()]).forward(batch()[0], train=True), "draws from rng"),
        (lambda: Network(SHAPE, [], dtype=np.float16), "dtype is float16"),
        (lambda: Pool(2, kind="min"), "kind is 'min'; it must be one of max, avg, l2"),
        (lambda: Pool((2, 3)), "there is no stride"),
        (lambda: Network(SHAPE, []).scores(np.zeros((5, 2, 6, 7))), "x must be \\(N, 2, 7, 6\\)"),
        (lambda: Network(SHAPE, []).scores(np.zeros(SHAPE)), "must be \\(N, C, H, W\\)"),
        (lambda: Network(SHAPE, [ReLU()]).forward(batch()[0], last="relu2"), "no layer 'relu2'"),
        (lambda: Network(SHAPE, [ReLU()]).restore({"w": np.zeros(1)}), "this network has {}"),
        (lambda: Network(SHAPE, [Affine(3)]).loss(batch()[0], [3] * 5), "from 0 to 2"),
    ],
)
def test_errors_say_what_is_wrong_in_one_line(call, said):
    with pytest.raises(ValueError, match=said) as caught:
        call()
    assert "\n" not in str(caught.value)
