"""Optimizers against their formulas, and training on the real digits."""

import numpy as np
import pytest

from bench.training import recipe
from course_lib.data import digits, shifted
from course_lib.networks.network import Affine, BatchNorm, Conv, Dropout, Network, Pool, ReLU
from course_lib.networks.optimizers import SGD, Adam
from course_lib.networks.training import cosine, fit

SMALL = [Conv(8, 3, pad=1), BatchNorm(), ReLU(), Pool(2), Dropout(0.1), Affine(10)]


@pytest.fixture(scope="module")
def few():
    """206 images to train on and 103 others, from all over the data set."""
    images, labels = digits("train")
    return (images[::7], labels[::7]), (images[3::14], labels[3::14])


def trained(few, **settings):
    net = Network((1, 8, 8), SMALL, seed=1)
    usual = {"epochs": 3, "batch_size": 32, "optimizer": Adam(0.01), "progress": False}
    return net, fit(net, *few[0], **usual | settings)


class TestOptimizers:
    gradients = np.random.default_rng(0).standard_normal((6, 3))

    def path(self, optimizer, dtype=np.float64, scale=1.0):
        params = {"w": np.ones(3, dtype)}
        for gradient in self.gradients.astype(dtype):
            optimizer.step(params, {"w": gradient}, scale)
        return params["w"]

    def test_sgd_without_momentum_subtracts_gradients(self):
        expected = 1 - 0.1 * self.gradients.sum(axis=0)
        np.testing.assert_allclose(self.path(SGD(0.1, momentum=0)), expected)

    def test_momentum_lets_each_gradient_work_on(self):
        """After T steps gradient t has been applied 1 + m + m^2 + ... + m^(T-1-t) times."""
        times = [sum(0.5**k for k in range(6 - t)) for t in range(6)]
        expected = 1 - 0.1 * (np.array(times)[:, None] * self.gradients).sum(axis=0)
        np.testing.assert_allclose(self.path(SGD(0.1, momentum=0.5)), expected)

    def test_adam_is_the_published_algorithm(self):
        w, m, v = np.ones(3), np.zeros(3), np.zeros(3)
        for t, g in enumerate(self.gradients, 1):
            m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g**2
            w = w - 0.05 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)
        found = self.path(Adam(0.05, beta1=0.8, beta2=0.9, eps=1e-3))
        np.testing.assert_allclose(found, w)

    @pytest.mark.parametrize("kind", [SGD, Adam])
    def test_types_and_scale(self, kind):
        assert self.path(kind(0.1), np.float32).dtype == np.float32
        assert (self.path(kind(0.1), scale=0.5) == self.path(kind(0.05))).all()

    @pytest.mark.parametrize(
        "call, said",
        [
            (lambda: SGD(0), "rate is 0; the learning rate must be above 0"),
            (lambda: Adam(float("nan")), "rate is nan"),
            (lambda: SGD(0.1, momentum=1), "momentum is 1; it must be at least 0 and below 1"),
            (lambda: Adam(0.1, beta2=-0.1), "beta2 is -0.1"),
        ],
    )
    def test_errors(self, call, said):
        with pytest.raises(ValueError, match=said):
            call()


def test_cosine_falls_from_1_to_0():
    values = [cosine(progress) for progress in np.linspace(0, 1, 11)]
    assert values[0] == 1 and values[5] == pytest.approx(0.5) and values[-1] == pytest.approx(0)
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("optimizer", [SGD(0.05), Adam(0.01)], ids=["SGD", "Adam"])
def test_the_loss_falls(few, optimizer):
    _, history = trained(few, optimizer=optimizer, validation=few[1], epochs=15)
    assert len(history.step_loss) == 15 * 7
    assert history.loss == [np.mean(history.step_loss[n : n + 7]) for n in range(0, 105, 7)]
    assert history.loss[-1] < 0.1 * history.loss[0]
    assert len(history.validation_loss) == len(history.validation_accuracy) == 15
    assert history.validation_accuracy[-1] > 0.85
    assert history.best_epoch == int(np.argmin(history.validation_loss))
    assert not history.stopped_early


def test_the_recipe_learns_the_digits():
    assert recipe(seed=0).evaluate(*digits("test"))[1] >= 0.97


def test_a_network_can_learn_a_few_images_by_heart(few):
    images, labels = few[0][0][:20], few[0][1][:20]
    net = Network((1, 8, 8), [Conv(8, 3, pad=1), ReLU(), Pool(2), Affine(10)], dtype=np.float64)
    fit(net, images, labels, epochs=60, batch_size=20, optimizer=Adam(0.02), progress=False)
    loss, accuracy = net.evaluate(images, labels)
    assert accuracy == 1 and loss < 0.01


def test_equal_seeds_give_equal_networks(few):
    nets = [trained(few, optimizer=Adam(0.01), seed=seed)[0] for seed in (5, 5, 6)]
    states = [net.snapshot() for net in nets]
    assert all((states[0][name] == states[1][name]).all() for name in states[0])
    assert any((states[0][name] != states[2][name]).any() for name in states[0])


def test_the_schedule_sees_the_whole_training(few):
    asked = []
    trained(few, schedule=lambda progress: asked.append(progress) or 1.0)
    assert asked == [step / 21 for step in range(21)]


def test_a_rate_scaled_to_nothing_changes_nothing(few):
    before = Network((1, 8, 8), SMALL, seed=1).params
    after = trained(few, schedule=lambda progress: 0.0)[0].params
    assert all((before[name] == after[name]).all() for name in before)


def test_every_epoch_shows_every_image_once_in_a_new_order(few):
    seen = []
    trained(few, augment=lambda images, rng: seen.append(images) or images, epochs=2)
    assert [len(batch) for batch in seen] == ([32] * 6 + [14]) * 2
    first, second = np.concatenate(seen[:7]), np.concatenate(seen[7:])
    as_sets = [{image.tobytes() for image in images} for images in (first, second)]
    assert as_sets[0] == as_sets[1] == {image.tobytes() for image in few[0][0].astype(np.float32)}
    assert (first != second).any() and (first != few[0][0]).any()


def test_augmented_images_are_what_is_learned_from(few):
    """From black images no filter learns anything, but the biases behind them do."""
    start = Network((1, 8, 8), SMALL, seed=1).params
    net, _ = trained(few, augment=lambda images, rng: np.zeros_like(images), epochs=1)
    assert (net.params["conv1.w"] == start["conv1.w"]).all()
    assert (net.params["affine1.b"] != start["affine1.b"]).all()


def test_shifting_while_training_helps_with_shifted_images(few):
    """What `augment` is for: the same training with and without it, tested on shifted images."""
    shifted_test = shifted(few[1][0], 1, np.random.default_rng(3)), few[1][1]
    losses = [
        trained(few, augment=augment, epochs=15)[0].evaluate(*shifted_test)[0]
        for augment in (None, lambda images, rng: shifted(images, 1, rng))
    ]
    assert losses[1] < 0.7 * losses[0]


class TestEarlyStop:
    def test_it_stops_and_puts_the_best_epoch_back(self, few):
        """From the third epoch on the rate is so high that nothing good can come of it."""
        scale = lambda progress: 1.0 if progress < 0.1 else 300.0  # noqa: E731
        net, history = trained(
            few, epochs=20, schedule=scale, validation=few[1], patience=3, optimizer=SGD(0.05)
        )
        assert history.stopped_early
        assert len(history.validation_loss) == history.best_epoch + 4 < 20
        assert net.evaluate(*few[1])[0] == min(history.validation_loss)
        assert history.validation_loss[-1] > min(history.validation_loss)

    def test_the_best_epoch_comes_back_even_when_patience_does_not_run_out(self, few):
        scale = lambda progress: 1.0 if progress < 0.6 else 300.0  # noqa: E731
        net, history = trained(
            few, epochs=4, schedule=scale, validation=few[1], patience=3, optimizer=SGD(0.05)
        )
        assert not history.stopped_early and history.best_epoch < 3
        assert net.evaluate(*few[1])[0] == min(history.validation_loss)

    def test_without_patience_the_last_epoch_stays(self, few):
        scale = lambda progress: 1.0 if progress < 0.6 else 300.0  # noqa: E731
        net, history = trained(
            few, epochs=4, schedule=scale, validation=few[1], optimizer=SGD(0.05)
        )
        assert net.evaluate(*few[1])[0] == history.validation_loss[-1]


def test_the_progress_bar_can_be_silenced(few, capsys):
    trained(few, epochs=1)
    assert capsys.readouterr() == ("", "")
    trained(few, epochs=1, validation=few[1], progress=True)
    out, err = capsys.readouterr()
    assert out == "" and "7/7" in err and "accuracy=" in err


@pytest.mark.parametrize(
    "settings, said",
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 2.5}, "batch_size is 2.5; it must be an integer"),
        ({"patience": 2}, "patience is 2 without validation data"),
        ({"patience": 0}, "patience is 0"),
        ({"optimizer": SGD(1e30), "schedule": lambda p: 1e9}, "the loss is .* at step .*lower the"),
    ],
)
@pytest.mark.filterwarnings("ignore:(overflow|invalid value) encountered")
def test_errors_in_one_line(few, settings, said):
    with pytest.raises(ValueError, match=said) as caught:
        trained(few, **settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("images, labels", [(4, 3), (0, 0)])
def test_images_without_labels(few, images, labels):
    net = Network((1, 8, 8), SMALL)
    with pytest.raises(ValueError, match="one label per image is needed"):
        fit(net, few[0][0][:images], few[0][1][:labels], progress=False)
